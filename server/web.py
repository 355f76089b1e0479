"""What each process of the web server loads: the house, which falls with the one that keeps it."""

import multiprocessing
import signal

from flask import Flask

from server import app
from server.serve import end_with


def create_app() -> Flask:
    keeper = multiprocessing.parent_process()
    if keeper is not None and keeper.pid is not None:
        # At once: told to stop in its turn, the keeper waits for us, so it is dead or killed.
        end_with(keeper.pid, signal.SIGKILL)
    # The keeper's handler, which we inherit, does nothing here: a stop while we load was unheard.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    return app.create_app()
