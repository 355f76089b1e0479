"""What is known when no answer came: whether anything can have arrived."""

import socket
import threading
from email.message import EmailMessage

import pytest

from server.core import outside


@pytest.fixture
def silent():
    """Takes connections and what is said, and answers nothing."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        kept = []

        def take():
            while True:
                try:
                    kept.append(door.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield door.getsockname()[1]
        door.shutdown(socket.SHUT_RDWR)
        thread.join(2)
        for one in kept:
            one.close()


def lost(send):
    with pytest.raises(outside.Unreachable) as raised:
        send()
    return raised.value.lost


def test_a_request_that_was_taken_and_not_answered_may_have_arrived(silent):
    url = f"http://127.0.0.1:{silent}/x"
    assert lost(lambda: outside.call("POST", url, body=b"{}", timeout=0.2)) is True


@pytest.mark.parametrize("reason", [TimeoutError(), OSError(101, "unreachable"), OSError(113, "")])
def test_a_connection_that_was_never_made_carried_nothing(monkeypatch, reason):
    def refuse(*told, **more):
        raise reason

    monkeypatch.setattr(socket, "create_connection", refuse)
    assert lost(lambda: outside.call("POST", "http://127.0.0.1:9/x", body=b"{}")) is False


def test_a_mail_server_that_does_not_even_greet_took_no_mail(monkeypatch, silent):
    monkeypatch.setattr(outside, "TIMEOUT_SECONDS", 0.2)
    there = {"host": "127.0.0.1", "port": silent, "user": "", "password": ""}
    assert lost(lambda: outside.mail(EmailMessage(), **there)) is False
