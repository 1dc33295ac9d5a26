"""What every peer makes a page of for each bot, as `benches/bots/` does: three endpoints, each with a table
of eight fields and three blocks of code of some 27 lines, which name the bot 47 times in all.

No peer has a lexer for server-sent events: theirs for YAML finds no errors in them.
"""
import json
import uuid

BOT = "@@BOT_ID@@"
BASE_URL = "https://api.example.test/v1"


def bot_ids(n):
    ns = uuid.UUID("6f9619ff-8b86-d011-b42d-00c04fc964ff")
    return [str(uuid.uuid5(ns, f"bot-{i}")) for i in range(n)]


def _sse(events):
    """SSE text: 12 events, 'data: {...}' + blank line, [DONE] last: 25 lines."""
    return "\n\n".join("data: " + json.dumps(e, separators=(", ", ": ")) for e in events) + "\n\ndata: [DONE]"


def endpoints():
    chat_req = {
        "model": BOT,
        "messages": [
            {"role": "system", "content": "You are a helpful support assistant."},
            {"role": "user", "content": "How do I reset my password?"},
        ],
        "stream": False,
        "temperature": 0.7,
        "top_p": 1.0,
        "max_tokens": 1024,
        "user": "visitor-4821",
        "metadata": {"bot_id": BOT, "channel": "website", "locale": "en-US", "page": "/account/security"},
    }
    chat_res = {
        "id": "chatcmpl-8f2b6a7d",
        "object": "chat.completion",
        "created": 1767225600,
        "model": BOT,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "Open Settings, choose Security, then Reset password."},
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 42, "completion_tokens": 17, "total_tokens": 59},
        "metadata": {"bot_id": BOT, "sources": [{"title": "Account security", "score": 0.93}]},
    }
    words = ["Open", " Settings", ",", " choose", " Security", ",", " then", " Reset", " password", ".", "", ""]
    chat_sse = _sse([
        {"id": "chatcmpl-8f2b6a7d", "object": "chat.completion.chunk", "created": 1767225600, "model": BOT,
         "choices": [{"index": 0, "delta": {"content": w}, "finish_reason": None if i < 11 else "stop"}]}
        for i, w in enumerate(words)])

    flu_req = {
        "bot_id": BOT,
        "conversation_id": "conv_19c1f0",
        "ticket": {"id": 3127, "subject": "Refund for order 9917", "priority": "high", "status": "open"},
        "customer": {"name": "Dana Reyes", "email": "dana@example.test", "locale": "en-US"},
        "message": "I was charged twice for the same order.",
        "attachments": [{"type": "image/png", "name": "receipt.png", "size": 48211}],
        "stream": True,
        "options": {"include_sources": True, "max_tokens": 512},
    }
    flu_res = {
        "success": True,
        "bot_id": BOT,
        "conversation_id": "conv_19c1f0",
        "ticket_id": 3127,
        "reply": {"role": "assistant", "content": "I can see both charges and have started the refund.", "format": "markdown"},
        "actions": [{"type": "tag", "value": "refund"}, {"type": "assign", "value": "billing"}],
        "sources": [{"title": "Refund policy", "url": f"https://docs.example.test/{BOT}/refunds", "score": 0.88}],
        "usage": {"prompt_tokens": 318, "completion_tokens": 44},
    }
    fwords = ["I", " can", " see", " both", " charges", " and", " have", " started", " the", " refund", ".", ""]
    flu_sse = _sse([
        {"event": "delta" if i < 11 else "completed", "bot_id": BOT, "conversation_id": "conv_19c1f0", "ticket_id": 3127,
         "sequence": i, "delta": {"content": w}} for i, w in enumerate(fwords)])

    rsp_req = {
        "model": BOT,
        "input": [
            {"role": "user", "content": [{"type": "input_text", "text": "Summarise my last three tickets."}]},
        ],
        "instructions": "Answer in two sentences.",
        "previous_response_id": None,
        "store": False,
        "stream": True,
        "temperature": 0.2,
        "max_output_tokens": 800,
        "metadata": {"bot_id": BOT, "tenant": "acme"},
    }
    rsp_res = {
        "id": "resp_67ccd2bed1ec",
        "object": "response",
        "created_at": 1767225600,
        "status": "completed",
        "model": BOT,
        "output": [
            {"type": "message", "id": "msg_67ccd2bf17f0", "role": "assistant",
             "content": [{"type": "output_text", "text": "Two tickets are closed; one awaits a reply.", "annotations": []}]}
        ],
        "usage": {"input_tokens": 211, "output_tokens": 26, "total_tokens": 237},
        "metadata": {"bot_id": BOT, "tenant": "acme"},
    }
    rwords = ["Two", " tickets", " are", " closed", ";", " one", " awaits", " a", " reply", ".", "", ""]
    rsp_sse = _sse([
        {"type": "response.output_text.delta" if i < 11 else "response.completed", "response_id": "resp_67ccd2bed1ec",
         "model": BOT, "output_index": 0, "content_index": 0, "sequence_number": i, "delta": w}
        for i, w in enumerate(rwords)])

    def f(name, typ, req, desc):
        return {"name": name, "type": typ, "required": req, "description": desc}

    return [
        {"slug": "chat-completion", "title": "Chat Completion", "method": "POST", "path": "/chat/completions",
         "summary": "Create a model reply for a conversation. Works with any client that speaks the common chat-completion shape.",
         "fields": [
             f("model", "string", True, "The bot ID. Always the ID at the top of this page."),
             f("messages", "array", True, "The conversation so far, oldest message first."),
             f("messages[].role", "string", True, "One of system, user or assistant."),
             f("messages[].content", "string", True, "The text of the message."),
             f("stream", "boolean", False, "Send the reply as server-sent events. Default false."),
             f("temperature", "number", False, "Sampling temperature from 0 to 2. Default 0.7."),
             f("max_tokens", "integer", False, "Upper bound on the length of the reply."),
             f("metadata", "object", False, "Free-form values stored with the conversation."),
         ],
         "request": json.dumps(chat_req, indent=2), "response": json.dumps(chat_res, indent=2), "sse": chat_sse},
        {"slug": "fluent-support-chat", "title": "Fluent Support Chat", "method": "POST", "path": "/fluent-support/chat",
         "summary": "Answer a help-desk ticket. The reply carries the actions that the bot proposes for the ticket.",
         "fields": [
             f("bot_id", "string", True, "The bot ID. Always the ID at the top of this page."),
             f("conversation_id", "string", False, "Continue an earlier conversation."),
             f("ticket", "object", True, "The ticket that the message belongs to."),
             f("ticket.id", "integer", True, "The ticket's number in the help desk."),
             f("customer", "object", False, "Name, e-mail address and locale of the customer."),
             f("message", "string", True, "The customer's newest message."),
             f("attachments", "array", False, "Files sent with the message."),
             f("stream", "boolean", False, "Send the reply as server-sent events. Default true."),
         ],
         "request": json.dumps(flu_req, indent=2), "response": json.dumps(flu_res, indent=2), "sse": flu_sse},
        {"slug": "responses", "title": "Responses", "method": "POST", "path": "/responses",
         "summary": "Create a response with structured input and output items.",
         "fields": [
             f("model", "string", True, "The bot ID. Always the ID at the top of this page."),
             f("input", "string | array", True, "Text, or a list of input items."),
             f("instructions", "string", False, "System text put before the input."),
             f("previous_response_id", "string | null", False, "Continue from an earlier response."),
             f("store", "boolean", False, "Keep the response for later retrieval. Default true."),
             f("stream", "boolean", False, "Send the reply as server-sent events. Default false."),
             f("max_output_tokens", "integer", False, "Upper bound on the length of the output."),
             f("metadata", "object", False, "Free-form values stored with the response."),
         ],
         "request": json.dumps(rsp_req, indent=2), "response": json.dumps(rsp_res, indent=2), "sse": rsp_sse},
    ]


BLOCKS = [("request", "Request JSON", "json"), ("response", "Response JSON", "json"), ("sse", "SSE Stream", "yaml")]
