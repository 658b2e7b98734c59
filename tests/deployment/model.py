"""A scripted model behind the shape that the emulator passes Converse calls on in: OpenAI's chat completions.

It reads the prompt as a model would and answers through the tool that it is forced to call: one claim per question, each
with a quote copied from a source. One question gets a quote that stands nowhere, and one gets none, so that what the
worker makes of a lying and of an honest model can be seen.
"""

import http.server
import json
import re
import threading

SOURCE = re.compile(r"^<<<(S\d+) (\w+) [^\n]*\n(.*?)\n>>>\1 \2$", re.DOTALL | re.MULTILINE)
INVENTED = "They have signed for eleven years in advance."
LYING_QUESTION = "objections"
HONEST_QUESTION = "why_us"
QUOTE_CHARACTERS = range(20, 280)


class Model:
    """The server; `calls` holds each request, `is_away` makes it answer 500."""

    def __init__(self):
        self.calls = []
        self.is_away = False
        model = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                model.calls.append(request)
                status, answer = (500, {}) if model.is_away else (200, reply(request))
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def reply(request: dict) -> dict:
    """One completion that calls the tool; plain text when no tool is asked for."""
    if not request.get("tools"):
        return completion({"role": "assistant", "content": "I was asked for no tool."})
    tool = request["tools"][0]["function"]
    schema = tool["parameters"]["properties"]["answers"]["items"]["properties"]
    prompt = "\n".join(text_of(message["content"]) for message in request["messages"])
    answers = {"answers": [answer(question, sentences(prompt)) for question in schema["question"]["enum"]]}
    call = {"id": "call_1", "type": "function", "function": {"name": tool["name"], "arguments": json.dumps(answers)}}
    return completion({"role": "assistant", "content": None, "tool_calls": [call]})


def text_of(content) -> str:
    return content if isinstance(content, str) else "\n".join(part.get("text", "") for part in content or [])


def sentences(prompt: str) -> list:
    """(source name, one line of it) for every line that is long enough to be a quote."""
    found = SOURCE.findall(prompt)
    return [(name, line.strip()) for name, _, text in found for line in text.splitlines() if len(line.strip()) in QUOTE_CHARACTERS]


def answer(question: str, quotes: list) -> dict:
    if question == HONEST_QUESTION or not quotes:
        return {"question": question, "not_in_sources": True, "claims": []}
    source, quote = quotes[sum(map(ord, question)) % len(quotes)]
    if question == LYING_QUESTION:
        quote = INVENTED
    return {"question": question, "not_in_sources": False,
            "claims": [{"text": quote, "citations": [{"source": source, "quote": quote}]}]}


def completion(message: dict) -> dict:
    return {"choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 1000, "completion_tokens": 200}}
