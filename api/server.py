"""The server: a socket, an event loop, the engine, and an orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from typing import NoReturn

import uvicorn
import uvloop

from api.app import App
from api.connection import PatientProtocol
from api.settings import BadSetting, Settings
from api.workers.engine import Engine
from graph.store.store import Store


def serve(
    store: Store, host: str = "127.0.0.1", port: int = 8000, workers: int | None = None
) -> None:
    """Serve a store until a signal ends it; says the address on standard error.

    Raises StoreError where the current version cannot be read. A port that is taken and a bad
    setting end the program with one line and exit code 2.
    """
    try:
        settings = Settings.read()
    except BadSetting as error:
        _give_up(str(error))
    sock = _listening(host, port, settings.connections)
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname)s %(message)s")
    for name in ("uvicorn.error", "httpx"):
        logging.getLogger(name).setLevel(logging.ERROR)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_run(store, settings, sock, workers or len(os.sched_getaffinity(0))))


class _Server(uvicorn.Server):
    """A server that ends in order on a signal; uvicorn would raise it again and be killed by it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield


async def _run(store: Store, settings: Settings, sock: socket.socket, workers: int) -> None:
    engine = Engine(store, settings, workers=workers)
    try:
        loading = await engine.start()
        config = uvicorn.Config(
            App(engine),
            http=PatientProtocol,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            backlog=2048,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=3,
        )
        host, port = sock.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        sys.stderr.write(f"tiaokuai serves http://{shown}:{port} (version {_shown(engine)})\n")
        sys.stderr.flush()
        gc.freeze()  # objects made so far live to the end; a request leaves few behind
        gc.set_threshold(20_000, 20, 20)
        server = _Server(config)
        loading.add_done_callback(lambda task: _end_on_error(server, task))
        await server.serve(sockets=[sock])
        if loading.done() and not loading.cancelled():
            await loading  # what is wrong with the version, if it could not be read
    finally:
        await engine.close()


def _end_on_error(server: uvicorn.Server, loading: asyncio.Task[None]) -> None:
    if not loading.cancelled() and loading.exception() is not None:
        server.should_exit = True


def _shown(engine: Engine) -> str:
    return engine.current.id if engine.current else "none"


def _listening(host: str, port: int, connections: int) -> socket.socket:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * max(connections, 1000)
    if hard != resource.RLIM_INFINITY:
        wanted = min(hard, wanted)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    try:
        (family, kind, _, _, address), *_ = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        sock = socket.socket(family, kind)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(2048)
    except OSError as error:
        _give_up(
            f"cannot listen on {host} port {port}: {(error.strerror or str(error)).lower()}; "
            "choose another with --port"
        )
    return sock


def _give_up(why: str) -> NoReturn:
    sys.stderr.write(" ".join(why.split()) + "\n")
    sys.exit(2)
