"""The Python SDK works unchanged: every call of it that this server offers, against a real process.

1. What was uploaded is read back, listed, and gone after its deletion.
2. A refused upload raises the SDK's exception with the published lines.
3. Search, completion, multiple get and recommendations give the SDK the shapes that it documents.
4. A click changes the next answer.
5. A bulk call answers as the single calls do, and keeps a failure to itself.
"""

import uuid

from miso.sdk import ApiClient, ApiException

from served import Served

PRODUCTS = [
    {"product_id": "tent-2", "title": "Alpine tent for two", "brand": "Fjellby", "sale_price": 199.0,
     "categories": [["Outdoor", "Tents"]], "custom_attributes": {"persons": 2}},
    {"product_id": "tent-4", "title": "Family tent for four", "brand": "Fjellby", "sale_price": 349.0,
     "categories": [["Outdoor", "Tents"]], "custom_attributes": {"persons": 4}},
    {"product_id": "bag-warm", "title": "Warm sleeping bag", "brand": "Fjellby", "sale_price": 129.0,
     "categories": [["Outdoor", "Sleeping bags"]]},
    {"product_id": "stove", "title": "Gas stove", "brand": "Kokk", "sale_price": 49.0,
     "categories": [["Outdoor", "Cooking"]]},
    {"product_id": "novel", "title": "A novel about the sea", "authors": ["Ida Holm"], "sale_price": 12.0,
     "categories": [["Books"]]},
    {"product_id": "cookbook", "title": "Cooking by the sea", "authors": ["Per Lund"], "sale_price": 25.0,
     "categories": [["Books"]]},
]


def views(person, *product_ids):
    return [{"type": "product_detail_page_view", "user_id": person, "product_ids": [product_id],
             "timestamp": f"2024-05-01T10:{minute:02}:00Z"}
            for minute, product_id in enumerate(product_ids)]


class MisoSdk(Served):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = ApiClient(cls.keys["secret"], host=cls.host, raise_on_error=True)
        cls.client.product.upload(data=PRODUCTS)
        for shopper in range(12):
            cls.client.interaction.upload(data=views(f"camper-{shopper}", "tent-2", "bag-warm", "stove", "tent-4"))
            cls.client.interaction.upload(data=views(f"reader-{shopper}", "novel", "cookbook"))
        cls.client.user.upload(data=[{"user_id": "camper-0", "name": "Kari", "custom_attributes": {"member": True}}])

    def test_an_uploaded_product_is_read_back_and_gone_after_its_deletion(self):
        product = {"product_id": "a/b c", "title": "Odd id", "tags": ["x"]}
        answer = self.client.product.upload(data=[product])
        uuid.UUID(answer["task_id"])
        self.assertEqual(self.client.product.read(product_id="a%2Fb%20c"), product)
        self.client.product.delete(product_id="a%2Fb%20c")
        with self.assertRaises(ApiException) as gone:
            self.client.product.read(product_id="a%2Fb%20c")
        self.assertEqual(gone.exception.status_code, 404)
        self.assertEqual(gone.exception.response["message"], "not found")

    def test_an_uploaded_user_is_read_back_and_gone_after_its_deletion(self):
        user = {"user_id": "visitor", "name": "Nils", "age": 40}
        self.client.user.upload(data=[user])
        self.assertEqual(self.client.user.read("visitor"), user)
        self.client.user.delete("visitor")
        with self.assertRaises(ApiException) as gone:
            self.client.user.read("visitor")
        self.assertEqual(gone.exception.status_code, 404)

    def test_a_refused_upload_names_every_error_in_the_published_words(self):
        with self.assertRaises(ApiException) as refused:
            self.client.interaction.upload(
                data=[{"type": "click", "user_id": "u", "product_ids": "p", "timestamp": "yesterday"}])
        response = refused.exception.response
        self.assertEqual(refused.exception.status_code, 422)
        self.assertIs(response["errors"], True)
        self.assertEqual(response["data"], [
            "data.0.product_ids is invalid. The attribute was expected to be of type ''array', 'null'' "
            "but type 'string' was given.",
            "data.0.timestamp is invalid. The attribute should match the 'date-time' format.",
        ])

    def test_search_finds_all_words_and_pages_and_filters(self):
        def search():
            return self.client.search.search(q="tent", user_id="camper-0", fl=["title", "sale_price"])

        found = self.eventually(lambda: (answer := search())["total"] == 2 and answer)
        self.assertEqual({product["product_id"] for product in found["products"]}, {"tent-2", "tent-4"})
        for product in found["products"]:
            self.assertIs(product["_boosted"], False)
            self.assertIn("title", product)
        self.assertIsInstance(found["took"], int)
        uuid.UUID(found["miso_id"])
        cheap = self.client.search.search(q="tent", user_id="camper-0", fq="sale_price:[* TO 200]")
        self.assertEqual([product["product_id"] for product in cheap["products"]], ["tent-2"])
        everything = self.client.search.search(q="*", user_id="camper-0", rows=2, start=1)
        self.assertEqual((everything["start"], len(everything["products"])), (1, 2))

    def test_completions_begin_with_the_first_character(self):
        def complete():
            return self.client.search.autocomplete(q="a", user_id="camper-0", completion_fields=["title"])

        answer = self.eventually(lambda: (found := complete())["completions"]["title"] and found)
        texts = [completion["text"] for completion in answer["completions"]["title"]]
        self.assertIn("Alpine tent for two", texts)
        completion = answer["completions"]["title"][texts.index("Alpine tent for two")]
        self.assertEqual(completion["text_with_markups"].replace("<mark>", "").replace("</mark>", ""),
                         "Alpine tent for two")
        self.assertEqual(completion["product"]["product_id"], "tent-2")

    def test_multiple_get_keeps_the_order_and_says_what_is_missing(self):
        answer = self.client.search.multi_get(product_ids=["stove", "nothing", "novel"])
        self.assertEqual([(product["product_id"], product["_found"]) for product in answer["products"]],
                         [("stove", True), ("nothing", False), ("novel", True)])
        self.assertEqual(answer["products"][0]["brand"], "Kokk")

    def test_a_click_changes_the_next_recommendation(self):
        self.train()
        self.client.interaction.upload(data=views("newcomer", "novel"))
        first = self.client.recommendation.user_to_products(user_id="newcomer", rows=3)
        self.assertEqual(first["products"][0]["product_id"], "cookbook")
        self.client.interaction.upload(data=[
            {"type": "add_to_cart", "user_id": "newcomer", "product_ids": ["tent-2"], "miso_id": first["miso_id"]}])
        second = self.client.recommendation.user_to_products(user_id="newcomer", rows=3)
        self.assertIn(second["products"][0]["product_id"], {"bag-warm", "stove", "tent-4"})
        self.assertNotIn("tent-2", [product["product_id"] for product in second["products"]])

    def test_related_and_trending_products_come_in_the_documented_shape(self):
        self.train()
        related = self.client.recommendation.product_to_products(product_id="tent-2", user_id="camper-0", rows=2)
        self.assertLessEqual({product["product_id"] for product in related["products"]}, {"bag-warm", "stove", "tent-4"})
        trending = self.client.recommendation.user_to_trending(user_id="camper-0", rows=3)
        self.assertEqual(len(trending["products"]), 3)

    def test_a_bulk_call_answers_as_the_single_calls_and_keeps_a_failure_to_itself(self):
        answers = self.client.bulk.bulk(requests=[
            {"api_name": "search/mget", "body": {"product_ids": ["stove"]}},
            {"api_name": "search/search", "body": {"q": "*", "user_id": "u", "fq": "price:["}},
        ])
        self.assertEqual([(answer["error"], answer["status_code"]) for answer in answers], [(False, 200), (True, 422)])
        self.assertEqual(answers[0]["body"]["data"]["products"][0]["product_id"], "stove")

    def test_erased_interactions_no_longer_speak(self):
        self.client.interaction.upload(data=views("leaver", "novel"))
        self.client.interaction.delete(user_ids=["leaver"])
        for file in self.data.rglob("*"):
            if file.is_file():
                self.assertNotIn(b"leaver", file.read_bytes(), file)

    def train(self):
        task_id = self.client._api_call("v1/engines/default/train", {})["task_id"]

        def done():
            status = self.client._api_call(f"v1/engines/_status/{task_id}", {}, method="GET")
            self.assertNotEqual(status["state"], "failed", status)
            return status["state"] == "done"

        self.eventually(done, within_s=30)
