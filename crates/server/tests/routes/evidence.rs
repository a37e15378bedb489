//! Evidence of cases: taken from strangers and at the desk, sealed on the disk, looked at by a scanner, given to staff alone, gone in time.

use crate::harness::{Hotline, Person, Reply, patient};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use walletline_core::kernel::actor::Actor;
use walletline_core::kernel::time::Span;

const FORM: &str = "multipart/form-data; boundary=wall";

/// What every scanner must know; apart, so that no file of ours holds it in one piece.
const EICAR: [&str; 2] = [r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"];

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nnot much of a picture, and whole all the same";

/// A form as a browser sends it: texts, then a file.
fn form(texts: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in texts {
        body.extend(format!("--wall\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    if let Some((name, bytes)) = file {
        let head = format!(
            "--wall\r\nContent-Disposition: form-data; name=\"evidence\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n"
        );
        body.extend(head.bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--wall--\r\n");
    body
}

async fn post(hotline: &Hotline, path: &str, texts: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Reply {
    hotline.send("POST", path, &[("Content-Type", FORM)], &form(texts, file)).await
}

fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let rest = page.split_once(before).unwrap_or_else(|| panic!("{before} is not in {page}")).1;
    rest.split_once(after).unwrap().0
}

/// A dispute with a file: its reference and where it is followed.
async fn disputed(hotline: &Hotline, file: Option<(&str, &[u8])>) -> (String, String) {
    let texts = [("key", "one"), ("wallet", "jinqiao"), ("what", "duplicate"), ("number", "19000000001")];
    let page = post(hotline, "/help/dispute?lang=en", &texts, file).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let page = page.text();
    let link = format!("/help/cases/{}", between(&page, "href=\"/help/cases/", "\""));
    (between(&page, "<dd class=\"number\">", "</dd>").to_owned(), link)
}

async fn uploads(person: &Person<'_>, reference: &str) -> Vec<Value> {
    let reply = person.get(&format!("/api/v1/cases/{reference}")).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    reply.json()["uploads"].as_array().unwrap().clone()
}

/// The files of a case once this holds of them.
async fn until(person: &Person<'_>, reference: &str, holds: impl Fn(&[Value]) -> bool) -> Vec<Value> {
    patient(async {
        loop {
            let found = uploads(person, reference).await;
            if holds(&found) {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await
}

/// Everything that lies in a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.flatten().flat_map(|entry| if entry.path().is_dir() { files(&entry.path()) } else { vec![entry.path()] }).collect()
}

/// A scanner that finds the EICAR string, and cannot say anything of what holds `unclear`.
fn scanner(name: &str) -> (PathBuf, String) {
    let dir = std::env::temp_dir().join(format!("walletline-evidence-{}-{name}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let path = dir.join("scanner");
    let script = "#!/bin/sh\ngrep -q EICAR-STANDARD \"$1\" && exit 1\ngrep -q unclear \"$1\" && exit 2\nexit 0\n";
    std::fs::write(&path, script).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    let config = format!("[uploads]\nscan = [\"{}\"]\n", path.display());
    (dir, config)
}

#[tokio::test]
async fn a_file_of_a_form_is_sealed_and_given_to_whoever_reads_the_case_and_that_is_on_record() {
    let hotline = Hotline::start().await;
    let (reference, link) = disputed(&hotline, Some(("../My receipt.exe", PNG))).await;
    let agent = hotline.log_in("agent1").await;
    let [upload] = &uploads(&agent, &reference).await[..] else { panic!("one file") };
    assert_eq!((&upload["name"], &upload["media_type"]), (&json!("My receipt.png"), &json!("image/png")));
    assert_eq!((&upload["state"], &upload["size"], &upload["agent"]), (&json!("not_scanned"), &json!(PNG.len()), &Value::Null));

    // Nothing of it stands in clear, and only its owner may read the file.
    let found = files(&hotline.uploads_folder());
    assert_eq!(found.len(), 1, "{found:?}");
    let sealed = std::fs::read(&found[0]).unwrap();
    assert!(!sealed.windows(12).any(|window| window == b"not much of "));
    assert_eq!(std::fs::metadata(&found[0]).unwrap().permissions().mode() & 0o077, 0);

    let id = upload["id"].as_str().unwrap();
    let given = agent.get(&format!("/api/v1/cases/{reference}/uploads/{id}")).await;
    assert_eq!((given.status, &given.body[..]), (200, PNG));
    assert_eq!(given.header("content-type"), Some("image/png"));
    assert_eq!(given.header("x-content-type-options"), Some("nosniff"));
    assert!(given.header("content-disposition").unwrap().starts_with("attachment; filename=\"My_receipt.png\""));
    let auditor = hotline.log_in("auditor1").await;
    let entries = auditor.get(&format!("/api/v1/audit?subject={id}")).await.json();
    let actions: Vec<&str> = entries.as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["upload.received", "upload.read"], "{entries}");

    // Whoever holds the link sees that it came, and never gets it.
    let page = hotline.get(&format!("{link}?lang=en")).await.text();
    assert!(page.contains("My receipt.png") && page.contains("data-upload=\"not_scanned\"") && !page.contains(id), "{page}");
    hotline.get(&format!("/api/v1/cases/{reference}/uploads/{id}")).await.is_problem(401, "not-logged-in");
}

#[tokio::test]
async fn a_file_is_added_by_the_link_and_at_the_desk_within_limits() {
    let hotline = Hotline::start().await;
    let (reference, link) = disputed(&hotline, None).await;
    let agent = hotline.log_in("agent1").await;
    let added = post(&hotline, &format!("{link}?lang=en"), &[], Some(("a.pdf", b"%PDF-1.7 one"))).await;
    assert!(added.status == 200 && added.text().contains("We have your file"), "{}", added.text());
    for (name, bytes, words) in [
        ("again.pdf", &b"%PDF-1.7 one"[..], "this file already"),
        ("b.png", b"MZ, a program with the name of a picture", "neither a PNG"),
        ("", b"", "choose a file"),
    ] {
        let refused = post(&hotline, &format!("{link}?lang=en"), &[], Some((name, bytes))).await;
        assert!(refused.status == 422 && refused.text().contains(words), "{words}: {}", refused.text());
    }
    let large = [&b"%PDF-1.7 "[..], &vec![b'x'; 10 * 1_024 * 1_024]].concat();
    let refused = post(&hotline, &format!("{link}?lang=en"), &[], Some(("large.pdf", &large))).await;
    assert!(refused.status == 422 && refused.text().contains("more than 10 MB"), "{}", refused.status);
    let (head, _) = link.rsplit_once('/').unwrap();
    assert_eq!(post(&hotline, &format!("{head}/0"), &[], Some(("a.pdf", b"%PDF-1.7 two"))).await.status, 404);

    let path = format!("/api/v1/cases/{reference}/uploads");
    let at_desk = |name: &'static str, bytes: Vec<u8>| {
        let (path, cookie) = (path.clone(), agent.cookie.clone());
        let hotline = &hotline;
        async move {
            let headers = [("Content-Type", FORM), ("X-Walletline", "1"), ("Cookie", cookie.as_str())];
            hotline.send("POST", &path, &headers, &form(&[], Some((name, &bytes)))).await
        }
    };
    for n in 2..=10 {
        let taken = at_desk("by mail.jpg", [&b"\xFF\xD8\xFF\xE0 picture "[..], n.to_string().as_bytes()].concat()).await;
        assert_eq!(taken.status, 201, "{}", taken.text());
        assert_eq!((&taken.json()["name"], taken.json()["agent"].is_string()), (&json!("by mail.jpg"), true));
    }
    at_desk("more.jpg", b"\xFF\xD8\xFF\xE0 one more picture".to_vec()).await.is_problem(409, "uploads-full");
    assert_eq!(uploads(&agent, &reference).await.len(), 10);
    // What was refused left nothing behind.
    assert_eq!(files(&hotline.uploads_folder()).len(), 10);
}

#[tokio::test]
async fn a_draft_keeps_its_words_when_its_file_is_refused() {
    let hotline = Hotline::start().await;
    let texts = [("key", "k"), ("what", "duplicate"), ("number", "19000000001"), ("text", "Twice, on Friday.")];
    let page = post(&hotline, "/help/dispute?lang=en", &texts, Some(("a.png", b"#!/bin/sh\nrm -rf /"))).await;
    assert_eq!(page.status, 422);
    let page = page.text();
    assert!(page.contains("neither a PNG") && page.contains("Twice, on Friday."), "{page}");
    assert_eq!(files(&hotline.uploads_folder()), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn nothing_infected_and_nothing_unclear_is_ever_given_to_anybody() {
    let (dir, config) = scanner("found");
    let hotline = Hotline::start_with(&config, true).await;
    let (reference, link) = disputed(&hotline, Some(("good.png", PNG))).await;
    let infected = [b"%PDF-1.7 ".as_slice(), EICAR.concat().as_bytes()].concat();
    for (name, bytes) in [("bad.pdf", &infected[..]), ("unclear.pdf", b"%PDF-1.7 unclear")] {
        assert_eq!(post(&hotline, &link, &[], Some((name, bytes))).await.status, 200, "{name}");
    }
    let agent = hotline.log_in("agent1").await;
    let found = until(&agent, &reference, |found| {
        found.len() == 3 && found[0]["state"] == "clean" && found[1]["state"] == "infected" && found[2]["state"] == "waiting"
    })
    .await;
    let get = |place: usize| {
        let path = format!("/api/v1/cases/{reference}/uploads/{}", found[place]["id"].as_str().unwrap());
        let agent = &agent;
        async move { agent.get(&path).await }
    };
    assert_eq!(&get(0).await.body[..], PNG);
    get(1).await.is_problem(409, "upload-not-readable");
    get(2).await.is_problem(409, "upload-not-readable");
    // The infected one is gone from the disk, and nothing lies in clear.
    patient(async {
        while files(&hotline.uploads_folder()).len() != 2 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
    let page = hotline.get(&format!("{link}?lang=en")).await.text();
    assert!(page.contains("something harmful was found"), "{page}");
    let _gone_already = std::fs::remove_dir_all(dir);
}

#[tokio::test]
async fn a_file_goes_three_years_after_its_case_is_closed_and_never_while_it_is_open() {
    let hotline = Hotline::start().await;
    let (reference, _) = disputed(&hotline, Some(("a.png", PNG))).await;
    let year = Span::from_s(365 * 86_400);
    for _ in 0..4 {
        hotline.clock.advance(year);
    }
    hotline.uploads().erase_expired().await;
    assert_eq!(files(&hotline.uploads_folder()).len(), 1, "the case is open");
    let (version, row) = hotline.store.case_by_reference(&reference.parse().unwrap()).await.unwrap().unwrap();
    let (id, now) = (row.id, hotline.clock.wall());
    hotline.store.commit(row.closed(now).written(version, Actor::System, "closed", now)).await.unwrap();
    hotline.uploads().erase_expired().await;
    assert_eq!(files(&hotline.uploads_folder()).len(), 1, "closed just now");
    for _ in 0..3 {
        hotline.clock.advance(year);
    }
    hotline.uploads().erase_expired().await;
    assert_eq!(files(&hotline.uploads_folder()), Vec::<PathBuf>::new());
    assert_eq!(hotline.store.uploads_of(id).await.unwrap()[0].state.name(), "erased", "a stone remains");
}
