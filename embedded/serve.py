"""Desk and website of the open site on loopback: werkzeug's threaded server, no more."""

import logging
import socket
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from embedded import config, state

HOST = "127.0.0.1"
FIRST_PORT = 8000


@dataclass
class Server:
	"""A server that runs in threads of this process."""

	url: str
	_server: BaseWSGIServer
	_thread: threading.Thread | None = None

	def start(self) -> "Server":
		"""Answer requests in the background."""
		self._thread = threading.Thread(target=self._server.serve_forever, name="embedded-web", daemon=True)
		self._thread.start()
		return self

	def close(self) -> None:
		"""Stop answering."""
		self._server.shutdown()
		self._server.server_close()
		if self._thread:
			self._thread.join(timeout=10)

	def __enter__(self) -> "Server":
		return self.start()

	def __exit__(self, *error: object) -> None:
		self.close()


def server(port: int | None = None) -> Server:
	"""A server for the open site, on `port` or else on the first free one from 8000."""
	logging.getLogger("werkzeug").setLevel(logging.ERROR)
	port = port or free_port()
	url = f"http://{HOST}:{port}"
	config.write(state.site(), host_name=url, webserver_port=port)
	return Server(url, make_server(HOST, port, application(), threaded=True, request_handler=Handler))


def application() -> Any:
	"""The WSGI application: Frappe's own, with assets and uploaded files in front."""
	import frappe.app

	site = state.site()
	return SharedDataMiddleware(
		frappe.app.application,
		{"/assets": str(Path(state.assets()) / "assets"), "/files": str(site / "public" / "files")},
		cache_timeout=3600,
	)


class Handler(WSGIRequestHandler):
	"""Keeps connections open, as browsers want it."""

	protocol_version = "HTTP/1.1"


def free_port(first: int = FIRST_PORT) -> int:
	"""The first port from `first` that nobody listens on."""
	for port in range(first, first + 200):
		with socket.socket() as probe:
			if probe.connect_ex((HOST, port)):
				return port
	raise OSError(f"No port from {first} to {first + 199} is free on {HOST}.")
