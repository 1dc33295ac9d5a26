//! The body of a private key, after the words that every one begins with.

use super::HEAD;

/// The shortest body: one for Ed25519 has 64 characters.
const LEAST: usize = 40;

/// How many more characters of words than of a body end the body.
const MOST_WORDS: usize = 32;

/// Returns the end of a private key whose head ends at `from`: after its body, if there is one,
/// regardless of the length of its lines and the text between them.
///
/// It ends where the surplus of encoded text is greatest; the text after a head alone is prose.
pub(super) fn end(text: &str, from: usize) -> usize {
    let behind = &text[from..];
    let body = behind.strip_prefix(HEAD).unwrap_or(behind);
    let start = text.len() - body.len();
    let closed = body.find(HEAD);
    let body = &body.as_bytes()[..closed.unwrap_or(body.len())];
    let (mut encoded, mut words) = (0, 0);
    let (mut at, mut end, mut last, mut most) = (start, from, from, 0);
    // RFC 7468 §2 has lines of 64 characters, but YAML folds them, JSON joins them by `\n`, and
    // code joins them by `+`: so runs are weighed, regardless of the text between them.
    for run in body.chunk_by(|&one, &two| is_of_body(one) == is_of_body(two)) {
        at += run.len();
        if !is_of_body(run[0]) {
            continue;
        }
        last = at;
        if is_encoded(run) {
            encoded += run.len()
        } else {
            words += run.len()
        }
        if encoded >= LEAST && encoded > words + most {
            (end, most) = (at, encoded - words);
        }
        if end > from && encoded + MOST_WORDS < words + most {
            return end;
        }
    }
    // The last line may be short and look like a word.
    if end > from && closed.is_some() {
        last
    } else {
        end
    }
}

fn is_of_body(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// Returns whether a word is base64 rather than a word of a language or of code, a number or an
/// ID: letters with other characters or with adjacent capitals, and not only those of hexadecimal
/// numbers.
fn is_encoded(word: &[u8]) -> bool {
    let is_other = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'=');
    let are_capitals = |two: &[u8]| two.iter().all(u8::is_ascii_uppercase);
    let has_small = word.iter().any(u8::is_ascii_lowercase);
    let is_mixed = if word.iter().any(is_other) {
        word.iter().any(u8::is_ascii_alphabetic)
    } else {
        has_small && word.windows(2).any(are_capitals)
    };
    is_mixed && !word.iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Base64 of random bytes, without an end of line.
    const BODY: &str = "MC4CAQAwBQYDK2VwBCIEIJ7qYw3TzK0mW9xFhRt5uLbN1cGd8sVoP2aXeQ6kZyHi4jRf";

    fn key_in(text: &str) -> &str {
        &text[..end(text, text.find("KEY").unwrap() + 3)]
    }

    #[test]
    fn a_body_is_found_whatever_the_length_of_its_lines() {
        for width in [8, 10, 12, 16, 20, 32, 39, 64] {
            for between in [
                "\n", "\\n", "\n    ", "\",\n \"", "\n> ", "\n# ", "<br>", " é ", "\" + \"",
            ] {
                let lines: Vec<&str> = (0..BODY.len())
                    .step_by(width)
                    .map(|at| &BODY[at..BODY.len().min(at + width)])
                    .collect();
                let open = [
                    "-----BEGIN",
                    " PRIVATE KEY-----",
                    between,
                    &lines.join(between),
                ]
                .concat();
                assert_eq!(key_in(&open), open, "{width} {between:?}");
                let closed = [&open, between, "-----END PRIVATE KEY-----"].concat();
                let found = key_in(&closed);
                assert!(
                    found.len() >= open.len() && closed.len() - found.len() >= 25,
                    "{found}"
                );
            }
        }
    }

    #[test]
    fn headers_belong_to_a_body() {
        let headers =
            "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0123456789ABCDEF0123456789ABCDEF\n\n";
        let key = ["-----BEGIN", " RSA PRIVATE KEY-----", headers, BODY, BODY].concat();
        assert_eq!(key_in(&key), key);
    }

    #[test]
    fn what_follows_a_body_does_not_belong_to_it() {
        let key = ["-----BEGIN", " PRIVATE KEY-----\\n", BODY, "\\n", BODY].concat();
        for behind in [
            "\", \"bot_id\": \"{{ bot_id }}\"}\n      additionalProperties: true\n    v2: U1",
            "\n-----END PRIVATE KEY-----\nand what follows",
            " and a word of 2 or 3, of PKCS8 or RFC5958, which additionalProperties holds back",
        ] {
            let text = [&key, behind].concat();
            assert_eq!(key_in(&text), key, "{behind}");
        }
    }

    #[test]
    fn what_follows_a_head_alone_is_no_body() {
        for behind in [
            "",
            "-----",
            "-----\n...\n-----END PRIVATE KEY-----",
            "-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC...\n-----END PRIVATE KEY-----",
            "----- is how a key of PKCS8 begins, which OpenSSL writes; RFC7468 and RFC5958 tell how, and RFC8410 for Ed25519.",
            "-----\", \"id\": \"019dd3d4-4b7e-71eb-9561-5cf790a5da57\", \"hash\": \"5f3b1c7e2a8d4f609f3b1c7e2a8d4f60\"",
            "-----\nYOUR_PRIVATE_KEY\n-----END PRIVATE KEY-----",
        ] {
            let head = ["-----BEGIN", " PRIVATE KEY"].concat();
            let text = [&head, behind].concat();
            assert_eq!(key_in(&text), head, "{behind}");
        }
    }
}
