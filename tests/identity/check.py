import json
import os

from visitor import sign_visitor, visitor_text

SECRET = "FLUENTBOT_IDENTITY_SECRET"

with open("vectors.json", encoding="utf-8") as file:
    vectors = json.load(file)["vectors"]
answers = []
for vector in vectors:
    os.environ[SECRET] = vector["secret"]
    visitor = (vector["name"], vector["email"], vector["data"])
    answers.append({"text": visitor_text(*visitor), "signature": sign_visitor(*visitor)})

del os.environ[SECRET]
try:
    sign_visitor("", "")
    signs_without_secret = True
except Exception:
    signs_without_secret = False
print(json.dumps({"answers": answers, "signs_without_secret": signs_without_secret}))
