"""One window per home folder: a second start brings the first window to the front and ends."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, QLockFile, QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from app.core.links import is_link

MESSAGE_LIMIT = 64 * 1024
CONNECT_MS = 2000
ANSWER_MS = 5000
"""A window may be busy for a moment; one that is busy for longer hangs."""
READ_MS = 2000
_DONE = b"raised\n"


class SingleInstance(QObject):
    """Holds the lock of a home folder while the app runs.

    Signals:
        raised(list[str]): another start asked this one to the front, with files and links to open.
    """

    raised = Signal(list)

    def __init__(self, home: Path) -> None:
        super().__init__()
        home.mkdir(parents=True, exist_ok=True)
        # A socket's path is limited to about 100 characters, so its name is a hash of the folder.
        self._name = "sana-studio-" + hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:16]
        self._lock = QLockFile(str(home / "running.lock"))
        self._lock.setStaleLockTime(0)  # a lock is stale only when its process is gone
        # Where the lock cannot be written (a read-only disk), there is nothing to tell by.
        self.first = self._lock.tryLock(0) or self._lock.error() != QLockFile.LockError.LockFailedError
        self._server: QLocalServer | None = None
        if self.first:
            self._server = QLocalServer(self)
            self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
            QLocalServer.removeServer(self._name)
            self._server.listen(self._name)
            self._server.newConnection.connect(self._connected)

    def raise_other(self, files: Sequence[str]) -> bool:
        """Ask the running app to come to the front and open `files`, which may be links too; False where it does not
        answer that it did.
        """
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(CONNECT_MS):
            return False
        waiting, answer = QEventLoop(), bytearray()

        def read() -> None:  # at once: what is left in a socket that is closed cannot be read
            answer.extend(socket.readAll().data())
            if answer.startswith(_DONE):
                waiting.quit()

        socket.readyRead.connect(read)
        socket.disconnected.connect(waiting.quit)
        QTimer.singleShot(ANSWER_MS, waiting, waiting.quit)
        named = [file if is_link(file) else str(Path(file).absolute()) for file in files]
        socket.write(json.dumps(named).encode() + b"\n")
        waiting.exec()
        return answer.startswith(_DONE)

    def _connected(self) -> None:
        assert self._server is not None
        socket = self._server.nextPendingConnection()
        socket.disconnected.connect(socket.deleteLater)
        socket.readyRead.connect(lambda: self._read(socket))
        QTimer.singleShot(READ_MS, socket, socket.abort)  # the other side writes at once, or is none of ours
        self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine() and socket.bytesAvailable() <= MESSAGE_LIMIT:
            return  # there is more to come
        files = _files(bytes(socket.readLine(MESSAGE_LIMIT).data()))
        if files is not None:
            self.raised.emit(files)
            socket.write(_DONE)
        socket.disconnectFromServer()  # after what is written has gone out


def _files(message: bytes) -> list[str] | None:
    """The files in a message of another start; None where it is none."""
    try:
        files = json.loads(message)
    except ValueError:
        return None
    return files if isinstance(files, list) and all(isinstance(file, str) for file in files) else None
