"""A mail server on this machine, of so much SMTP as a client needs."""

import socketserver
import threading
from contextlib import contextmanager


class MailServer(socketserver.ThreadingTCPServer):
    """`refuse`: command → reply, such as {"RCPT": "550 no such user"}."""

    allow_reuse_address = daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Session)
        self.mails, self.refuse = [], {}
        self.port = self.server_address[1]

    @contextmanager
    def running(self):
        thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield self
        finally:
            self.shutdown()
            thread.join()
            self.server_close()


class Session(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 mail")
        while line := self.rfile.readline().decode().strip():
            verb = line.split()[0].upper()
            if verb in self.server.refuse:
                self.say(self.server.refuse[verb])
            elif verb == "DATA":
                self.say("354 go on")
                self.server.mails.append(self.mail())
                self.say("250 taken")
            elif verb == "QUIT":
                return self.say("221 bye")
            else:
                self.say("250 ok")
        return None

    def mail(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines)

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())
