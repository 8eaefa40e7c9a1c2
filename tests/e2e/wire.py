"""What really goes over the wire to a browser."""

import socket
import threading


class Wire:
    """A relay in front of the server that counts what really goes out to the browser."""

    def __init__(self, port: int) -> None:
        self.sent = 0
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            try:
                server = socket.create_connection(("127.0.0.1", self._port))
            except OSError:
                # It stopped, and a browser has not noticed yet.
                client.close()
                continue
            for source, target, counts in ((client, server, False), (server, client, True)):
                threading.Thread(target=self._relay, args=(source, target, counts), daemon=True).start()

    def _relay(self, source: socket.socket, target: socket.socket, counts: bool) -> None:
        try:
            while chunk := source.recv(65536):
                self.sent += len(chunk) if counts else 0
                target.sendall(chunk)
        except OSError:
            pass
        finally:
            source.close()
            target.close()
