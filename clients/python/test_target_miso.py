"""The Singer target works unchanged: it is fed a stream as a tap writes it, against a real process.

1. Products, users and interactions of a stream arrive.
2. ACTIVATE_VERSION deletes the products that the stream no longer has.
3. A stream with a wrong record ends without a crash of either side, and the wrong batch is not stored.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

import requests

from served import Served

TEMPLATE = "std.prune(data)"


class TargetMiso(Served):
    def feed(self, streams, version=None):
        """Runs the target over `streams` (name → records)."""
        messages = []
        for stream, records in streams.items():
            messages.append({"type": "SCHEMA", "stream": stream, "schema": {}, "key_properties": []})
            messages += [{"type": "RECORD", "stream": stream, "record": record} for record in records]
            if version is not None:
                # The target looks at the ids it has written so far, so what waits must go out before.
                messages.append({"type": "ACTIVATE_VERSION", "stream": stream, "version": version})
        with tempfile.TemporaryDirectory() as folder:
            templates = pathlib.Path(folder) / "template"
            templates.mkdir()
            for stream in streams:
                (templates / f"{stream}.jsonnet").write_text(TEMPLATE)
            config = pathlib.Path(folder) / "config.json"
            config.write_text(json.dumps({
                "template_folder": str(templates), "api_key": self.keys["secret"], "api_server": self.host,
                "write_record_limit": 1,
            }))
            ran = subprocess.run(
                [pathlib.Path(sys.executable).parent / "target-miso", "--config", config],
                input="\n".join(json.dumps(message) for message in messages) + "\n",
                capture_output=True, text=True, timeout=120)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return ran

    def ids(self, kind):
        answer = requests.get(f"{self.host}/v1/{kind}/_ids", params={"api_key": self.keys["secret"]})
        return answer.json()["data"]["ids"]

    def test_a_stream_arrives(self):
        self.feed({
            "goods": [{"product_id": "lamp", "title": "Lamp"}, {"product_id": "desk", "title": "Desk"}],
            "people": [{"user_id": "ann", "name": "Ann"}],
            "events": [{"type": "product_detail_page_view", "user_id": "ann", "product_ids": ["lamp"],
                        "timestamp": "2024-05-01T10:00:00+00:00"}],
        })
        self.assertLessEqual({"lamp", "desk"}, set(self.ids("products")))
        self.assertIn("ann", self.ids("users"))
        answer = requests.post(f"{self.host}/v1/recommendation/user_to_products",
                               params={"api_key": self.keys["secret"]}, json={"user_id": "ann", "rows": 10}).json()
        shown = [product["product_id"] for product in answer["data"]["products"]]
        self.assertIn("desk", shown)
        self.assertNotIn("lamp", shown, "the visitor has just seen it")

    def test_a_new_version_deletes_what_the_stream_no_longer_has(self):
        self.feed({"goods": [{"product_id": "old-chair", "title": "Chair"}]})
        self.feed({"goods": [{"product_id": "new-chair", "title": "Chair"}]}, version=2)
        self.assertEqual(self.ids("products"), ["new-chair"])

    def test_a_wrong_record_is_reported_and_not_stored(self):
        ran = self.feed({"goods": [{"product_id": "ok", "title": "Fine"}, {"product_id": "bad", "title": 5}]})
        self.assertIn("data.0.title is invalid.", ran.stderr)
        self.assertIn("ok", self.ids("products"))
        self.assertNotIn("bad", self.ids("products"))
