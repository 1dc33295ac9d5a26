//! The sizes of compressed pages that `docs/hosting.md` lists, measured again.

use std::fs;

use crate::project::{Project, repository};
use crate::tool::tool;

/// The number of sections of the page, each of 300 letters.
const SECTIONS: usize = 100;

/// How far a measured percentage may be from that of the document: other releases of gzip and of the
/// theme give other sizes.
const TOLERANCE: f64 = 4.0;

const WORDS: &str = "the of bot answers questions about orders delivery returns invoices accounts \
                     passwords shipping refunds hours support chat team person email phone store \
                     online product warranty repair payment card credit voucher discount customer \
                     service";

/// A text of about so many letters, always the same for a seed.
fn text(letters: usize, seed: u64) -> String {
    let words: Vec<&str> = WORDS.split(' ').collect();
    let (mut text, mut random) = (String::new(), seed);
    // Each word counts with the space behind it.
    while text.len() < letters {
        random = (random * 1_103_515_245 + 12_345) & 0x7fff_ffff;
        text.push_str(words[(random >> 8) as usize % words.len()]);
        text.push(' ');
    }
    text.truncate(text.trim_end().len());
    text
}

/// By how many percent the page of a bot is larger than by `gzip -9`, with a value of so many letters
/// in so many places.
fn excess(places: usize, letters: usize) -> f64 {
    let mut page = String::from("---\ntitle: Guide\n---\n");
    let before = |section: usize| section * places / SECTIONS;
    for section in 0..SECTIONS {
        let has_value =
            section == 0 && places > 0 || section > 0 && before(section) > before(section - 1);
        let value = if has_value { " {{ about }}" } else { "" };
        let words = text(300, section as u64 + 1);
        let words = format!("{}{}", words[..1].to_uppercase(), &words[1..]);
        page.push_str(&format!("## Part {section}\n\n{words}.{value}\n\n"));
    }
    let site = "title: Docs\nnavigation: [guide]\nvariables:\n  about: {title: About, max_length: 5000, placeholder: about}\n";
    let bots: String = (0..3)
        .map(|bot| {
            format!(
                "{{\"bot_id\":\"bot-{bot}\",\"about\":\"{}\"}}\n",
                text(letters, 99 + bot)
            )
        })
        .collect();
    let project = Project::empty()
        .file("spec/site.yaml", site)
        .file("spec/guide.md", page)
        .file("bots.jsonl", bots);
    project
        .run(&["build", "--bots", "bots.jsonl", "--gzip", "beside"])
        .exits(0);
    let plain = project.path().join("site/bots/bot-1/index.html");
    let ours = fs::metadata(plain.with_extension("html.gz")).unwrap().len();
    let gzip = tool("gzip")
        .args(["-9", "-n", "--stdout"])
        .arg(&plain)
        .output()
        .unwrap();
    assert!(gzip.status.success(), "{gzip:?}");
    100.0 * (ours as f64 / gzip.stdout.len() as f64 - 1.0)
}

#[test]
fn compressed_pages_are_as_large_as_the_document_lists() {
    let document = fs::read_to_string(repository().join("docs/hosting.md")).unwrap();
    let table = document.split("| values on the page |").nth(1).unwrap();
    let mut rows = table.lines();
    let letters: Vec<usize> = rows
        .next()
        .unwrap()
        .split('|')
        .filter_map(|cell| cell.trim().split(' ').next()?.parse().ok())
        .collect();
    assert_eq!(letters.len(), 2);
    let mut measured = 0;
    for row in rows.skip(1).take_while(|row| row.starts_with('|')) {
        let cells: Vec<f64> = row
            .split('|')
            .filter_map(|cell| cell.trim().trim_end_matches(" %").parse().ok())
            .collect();
        let [places, listed @ ..] = cells.as_slice() else {
            panic!("{row}")
        };
        assert_eq!(listed.len(), letters.len(), "{row}");
        for (&letters, &listed) in letters.iter().zip(listed) {
            let found = excess(*places as usize, letters);
            assert!(
                (found - listed).abs() < TOLERANCE,
                "{places} values of {letters} letters: {found:.1} %, and not {listed} %"
            );
            measured += 1;
        }
    }
    assert!(measured >= 8, "{measured}");
}
