"""A real server on a loopback port, for the length of a test case."""

import json
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

BINARY = os.environ["TAMARI_BIN"]
START_S_MAX = 60


class Served(unittest.TestCase):
    """Starts `tamari serve` on an empty data folder; `self.host` and `self.keys` say how to reach it."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="tamari-client-")
        data = pathlib.Path(cls.folder.name) / "data"
        cls.process = subprocess.Popen(
            [BINARY, "serve", "--data", str(data), "--listen", "127.0.0.1:0"],
            stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        address = data / "server.json"
        for _ in range(START_S_MAX * 20):
            if address.exists() and (text := address.read_text()):
                break
            if cls.process.poll() is not None:
                raise RuntimeError(f"the server ended with {cls.process.returncode}")
            time.sleep(0.05)
        else:
            raise RuntimeError("the server did not start in time")
        cls.host = f"http://{json.loads(text)['address']}"
        cls.data = data
        cls.keys = cls.tamari_json("keys", "--data", str(data), "--environment", "development", "--json")

    @classmethod
    def tearDownClass(cls):
        cls.process.terminate()
        code = cls.process.wait(timeout=30)
        cls.folder.cleanup()
        assert code == 0, f"the server stopped with {code}"

    @classmethod
    def tamari_json(cls, *arguments):
        output = subprocess.run([BINARY, *arguments], check=True, stdout=subprocess.PIPE).stdout
        return json.loads(output)

    def eventually(self, check, within_s=5):
        """What `check` gives once it is true; text search follows an upload within a second."""
        until = time.monotonic() + within_s
        while not (found := check()):
            if time.monotonic() > until:
                self.fail(f"not so within {within_s} s")
            time.sleep(0.05)
        return found
