"""OpenAI's own client against the mock: a completion, its stream, and a refusal."""

import sys

import openai

client = openai.OpenAI(base_url=sys.argv[1], api_key="any", max_retries=0)
messages = [{"role": "user", "content": "Count to three."}]
whole = client.chat.completions.create(model="small", messages=messages)
print(whole.choices[0].message.content)
stream = client.chat.completions.create(model="small", messages=messages, stream=True)
print("|".join(chunk.choices[0].delta.content or "" for chunk in stream))
try:
    client.chat.completions.create(model="small", messages=[])
except openai.UnprocessableEntityError as error:
    print(error.body["message"])
