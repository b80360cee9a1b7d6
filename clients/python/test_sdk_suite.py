"""Every call that the Python SDK's own suite makes, with its arguments, and the shapes that it asks for.

1. Each call, questions and experiments among them, answers in the documented shape, types included: counts are integers,
   weights are floats, `_boosted` is a boolean.
2. An empty id in a multiple get is an answer, not an error.
3. What the suite uploads is taken.
"""

from miso.sdk import ApiClient

from served import Served

PRODUCT = {"product_id": str}
SEARCHED = {"product_id": str, "_boosted": bool}
PRODUCTS = {"took": int, "products": [PRODUCT]}
FOUND = {"took": int, "total": int, "start": int, "products": [SEARCHED]}

CATALOGUE = [
    {"product_id": "184973030", "url": "https://shop.test/star", "title": "Star atlas", "categories": [["Books", "Sky"]],
     "html": "<h1>Star atlas</h1><p>Maps of every star that the eye can see.</p>"},
    {"product_id": "1701", "url": "https://shop.test/ship", "title": "Starship model", "categories": [["Toys"]]},
    {"product_id": "1701A", "url": "https://shop.test/ship-a", "title": "Starship model, large", "categories": [["Toys"]]},
    {"product_id": "python", "url": "https://shop.test/python", "title": "Python for beginners",
     "categories": [["Books", "Code"]],
     "html": "<p>Python is a programming language with simple words.</p><p>Lists are sorted by <code>sort</code>.</p>"},
]


class SdkSuite(Served):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client = ApiClient(cls.keys["secret"], host=cls.host, raise_on_error=True)
        cls.client.product.upload(data=CATALOGUE)
        cls.client.user.upload(data=[{"user_id": "eerbstoesser", "name": "Ella"}])
        cls.client.interaction.upload(data=[
            {"type": "product_detail_page_view", "user_id": f"usr{n}", "product_ids": [product["product_id"]],
             "timestamp": f"2024-05-01T10:{n:02}:00Z"}
            for n in range(8) for product in CATALOGUE[n % 2:]])

    def check(self, schema, data, path="answer"):
        """Holds `data` against a schema of dictionaries, lists of one member, and types; `*` stands for any key."""
        if isinstance(schema, dict):
            self.assertIsInstance(data, dict, path)
            for key, below in schema.items():
                members = data if key == "*" else [key]
                for member in members:
                    self.assertIn(member, data, path)
                    self.check(below, data[member], f"{path}.{member}")
        elif isinstance(schema, list):
            self.assertIsInstance(data, list, path)
            for index, member in enumerate(data):
                self.check(schema[0], member, f"{path}[{index}]")
        else:
            self.assertIs(type(data), schema, path)

    def test_a_bulk_of_one_search(self):
        answer = self.client.bulk.bulk(requests=[{"api_name": "search/search", "body": {"q": "star", "user_id": "usr"}}])
        self.check([{"error": bool, "status_code": int, "body": {"data": FOUND}}], answer)
        self.assertFalse(answer[0]["error"])

    def test_products_and_users_are_read(self):
        self.check({"product_id": str, "url": str, "title": str}, self.client.product.read(product_id="184973030"))
        self.check({"user_id": str, "name": str}, self.client.user.read(user_id="eerbstoesser"))

    def test_a_question_is_answered(self):
        answer = self.client.qa.question_answering(q="What is python", min_probability=0.3)
        self.check({"total": int, "took": int, "answers": [{"product_id": str, "answer": {"text": str}}]}, answer)
        self.assertEqual(answer["answers"][0]["answer"]["text"], "Python is a programming language with simple words.")

    def test_a_question_bank_is_uploaded_and_completed(self):
        self.client.qa.upload_question_bank(data=[
            {"question": "What is python?"}, {"question": "What is list comprehension?"},
            {"question": "How to sort a list in Python?"}])
        shape = {"took": int, "completions": [{"question": str, "weight": float}]}
        self.check(shape, self.client.qa.question_autocomplete(q="what is wyvern"))
        answer = self.client.qa.question_autocomplete(q="what is pyt")
        self.check(shape, answer)
        self.assertEqual(answer["completions"][0], {"question": "What is python?", "weight": 1.0})

    def test_recommendations(self):
        recommendation = self.client.recommendation
        self.check(PRODUCTS, recommendation.user_to_products(user_id="usr", rows=10))
        self.check(PRODUCTS, recommendation.user_to_trending(user_id="usr", rows=10))
        self.check(PRODUCTS, recommendation.product_to_products(user_id="usr", product_ids=["1701", "1701A"], rows=10))
        self.check({"took": int, "categories": [{"category": [str], "recommended_products": [PRODUCT]}]},
                   recommendation.user_to_categories(user_id="usr", rows=10))
        self.check({"took": int, "attributes": [{"value": str, "recommended_products": [PRODUCT]}]},
                   recommendation.user_to_attributes(user_id="usr", rows=10, field="title"))

    def test_search(self):
        def search():
            return self.client.search.search(q="star", user_id="usr")

        self.check(FOUND, self.eventually(lambda: (answer := search())["total"] and answer))

    def complete(self):
        def complete():
            return self.client.search.autocomplete(q="star", user_id="usr")

        return self.eventually(lambda: (found := complete())["completions"]["title"] and found)

    def test_autocomplete(self):
        self.check({"took": int, "completions": {"*": [{
            "text": str, "text_with_markups": str, "text_with_inverted_markups": str, "product": PRODUCT}]}}, self.complete())

    def test_a_completed_product_says_whether_it_is_boosted(self):
        self.check({"completions": {"*": [{"product": SEARCHED}]}}, self.complete())

    def test_a_multiple_get_of_an_empty_id(self):
        self.check(PRODUCTS, self.client.search.multi_get(product_ids=[""], user_id="usr"))

    def test_an_experiment_gives_a_variant(self):
        self.client._api_call("v1/experiments", {
            "name": "some_exp", "status": "Active", "variants": [{"name": "A"}, {"name": "B"}]})
        answer = self.client.experiment.send(experiment="some_exp", user_id="usr")
        self.check({"took": int, "in_experiment": bool,
                    "variant": {"id": str, "name": str, "slug": str, "status": str}}, answer)
        self.assertIs(answer["in_experiment"], True)
        self.assertEqual(self.client.experiment.send(experiment="some_exp", user_id="usr")["variant"], answer["variant"])
