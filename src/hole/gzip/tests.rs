//! What comes out, read by another reader of the same format and compared with the plain page.

use std::io::Read;

use flate2::Compression;
use flate2::read::{GzDecoder, GzEncoder};

use super::super::tests::Numbers;
use super::super::{Encoding, Hole};
use super::*;

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    // One member and nothing after it.
    let mut decoder = GzDecoder::new(bytes);
    decoder.read_to_end(&mut plain).unwrap();
    assert!(decoder.into_inner().is_empty());
    plain
}

fn marker(variable: usize) -> char {
    Hole::new(VariableId::new(variable).unwrap())
        .inside(Encoding::Text)
        .marker()
}

/// The filled page in gzip's form, which is checked to be that.
fn filled(gzip: &Gzip<'_>, values: &Values) -> Vec<u8> {
    let (mut plain, mut out) = (b"before".to_vec(), b"before".to_vec());
    gzip.fill_into(values, &mut plain, &mut out);
    let mut expected = b"before".to_vec();
    gzip.page.fill_into(values, &mut expected);
    assert_eq!(plain, expected);
    assert!(out.starts_with(b"before"));
    let out = out.split_off(b"before".len());
    assert_eq!(gzip.filled_size(values), out.len());
    assert_eq!(gzip.page.filled_size(values), plain.len() - b"before".len());
    assert_eq!(unpacked(&out), expected[b"before".len()..]);
    out
}

#[test]
fn random_pages_come_out_as_they_are() {
    let mut numbers = Numbers(0x2545_f491_4f6c_dd1d);
    let names = ["bot_id", "bot_name", "docs_url"];
    for _ in 0..300 {
        let mut page = String::new();
        for _ in 0..numbers.below(20) {
            page += &numbers.text(40).repeat(1 + numbers.below(30));
            if numbers.below(3) > 0 {
                page.push(numbers.hole(names.len()).marker());
            }
        }
        let page = Holed::cut(&page, &names);
        let steady = numbers.below(8);
        let gzip = Gzip::new(&page, |variable| steady >> variable.index() & 1 == 1);
        for _ in 0..4 {
            let values = names.map(|name| (name.to_owned(), numbers.text(12)));
            filled(&gzip, &Values::new(values));
        }
    }
}

/// A page with an ID in many places, as ours are, is hardly larger than compressed as a whole.
#[test]
fn a_page_is_about_as_small_as_compressed_as_a_whole() {
    let mut numbers = Numbers(3);
    let mut page = String::new();
    for row in 0..60 {
        page += &format!(
            "<tr><th scope=row>field_{row}</th><td>{}</td></tr>\n",
            numbers.below(9_999)
        );
        page += "<p>The bot that answers. This ID is public; the API key is not.</p>\n";
        page.push(marker(0));
    }
    let page = Holed::cut(&page, &["bot_id", "bot_name"]);
    let values = |id: &str| {
        Values::new(
            [("bot_id", id), ("bot_name", "Ada")].map(|(a, b)| (a.to_owned(), b.to_owned())),
        )
    };
    let id = "019dd3d4-4b7e-71eb-9561-5cf790a5da57";
    let mut plain = Vec::new();
    page.fill_into(&values(id), &mut plain);
    let mut whole = Vec::new();
    GzEncoder::new(&*plain, Compression::best())
        .read_to_end(&mut whole)
        .unwrap();

    let steady = filled(
        &Gzip::new(&page, |variable| variable.index() == 0),
        &values(id),
    );
    let loose = filled(&Gzip::new(&page, |_| false), &values(id));
    // A stored value costs its own length, which a whole page refers back for.
    assert!(
        steady.len() < whole.len() + 60 * (id.len() + 20),
        "{} {}",
        steady.len(),
        whole.len()
    );
    assert!(
        steady.len() < loose.len(),
        "{} {}",
        steady.len(),
        loose.len()
    );
}

/// What others were filled before, and in which order, changes no byte.
#[test]
fn the_bytes_depend_on_page_and_values_alone() {
    let text = format!("one {} two one two {} one two", marker(0), marker(1));
    let page = Holed::cut(&text, &["bot_id", "bot_name"]);
    let values = |id: &str, name: &str| {
        Values::new([("bot_id", id), ("bot_name", name)].map(|(a, b)| (a.to_owned(), b.to_owned())))
    };
    let bots = [("ada", "Ada"), ("a", ""), ("bob", "Bob & Co"), ("a", "A")];
    let fill_all = |order: &[usize]| {
        let gzip = Gzip::new(&page, |variable| variable.index() == 0);
        let mut all = vec![Vec::new(); bots.len()];
        for &bot in order {
            all[bot] = filled(&gzip, &values(bots[bot].0, bots[bot].1));
        }
        all
    };
    assert_eq!(fill_all(&[0, 1, 2, 3]), fill_all(&[3, 1, 0, 2]));
}

#[test]
fn a_value_of_any_length_is_stored_whole() {
    let page = Holed::cut(
        &Hole::new(VariableId::new(0).unwrap()).marker().to_string(),
        &["text"],
    );
    for length in [
        0,
        1,
        MAX_STORED - 1,
        MAX_STORED,
        MAX_STORED + 1,
        3 * MAX_STORED,
    ] {
        let values = Values::new([("text".to_owned(), "x".repeat(length))]);
        for is_steady in [true, false] {
            filled(&Gzip::new(&page, |_| is_steady), &values);
        }
    }
}
