//! The public site: chosen by a link, remembered, readable by anybody, and not too often.

use crate::harness::{Desk, Hotline, open};

#[tokio::test]
async fn a_page_speaks_the_visitors_language() {
    let hotline = Hotline::start().await;
    for (headers, query, language) in [
        (vec![], "", "zh-CN"),
        (vec![("Accept-Language", "en-GB,en;q=0.9")], "", "en"),
        (vec![("Accept-Language", "en-GB,en;q=0.9")], "?lang=zh-CN", "zh-CN"),
        (vec![("Accept-Language", "en"), ("Cookie", "walletline_site=jinqiao.zh-CN.dark")], "", "zh-CN"),
        (vec![], "?lang=fr", "zh-CN"),
    ] {
        let reply = hotline.send("GET", &format!("/help{query}"), &headers, b"").await;
        assert_eq!((reply.status, reply.header("content-language")), (200, Some(language)), "{headers:?} {query}");
        assert!(reply.text().contains(&format!("<html lang=\"{language}\"")), "{headers:?} {query}");
    }
}

#[tokio::test]
async fn a_choice_made_by_a_link_is_remembered() {
    let hotline = Hotline::start().await;
    assert_eq!(hotline.get("/help").await.header("set-cookie"), None, "nothing is kept unasked");
    let reply = hotline.get("/help?wallet=harbor&lang=en&theme=dark").await;
    assert!(reply.text().contains("Harbor Pay") && reply.text().contains("data-theme=\"dark\""));
    let cookie = reply.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(cookie, "walletline_site=harbor.en.dark");
    let again = hotline.send("GET", "/help", &[("Cookie", &cookie)], b"").await.text();
    assert!(again.contains("Harbor Pay") && again.contains("lang=\"en\"") && again.contains("data-theme=\"dark\""));
}

#[tokio::test]
async fn a_stranger_who_asks_too_much_is_told_how_long_to_wait() {
    let hotline = Hotline::start().await;
    let mut last = hotline.get("/help").await;
    for _ in 0..100 {
        last = hotline.get("/help").await;
        if last.status != 200 {
            break;
        }
    }
    assert_eq!((last.status, last.header("content-type")), (429, Some("text/html; charset=utf-8")));
    assert!(last.header("retry-after").unwrap().parse::<u32>().unwrap() >= 1);
    assert_eq!(hotline.get("/healthz").await.status, 200, "only the public site is held back");
}

#[tokio::test]
async fn an_article_answers_first_and_says_when_it_was_checked() {
    let hotline = Hotline::start().await;
    let reply = hotline.get("/help/articles/unlock-account?lang=en").await;
    assert_eq!(reply.status, 200);
    let page = reply.text();
    for part in ["<h1>", "class=\"lead short-answer\"", "Jinqiao", "tel:8000", "2026-11-27", "application/ld+json", "FAQPage"] {
        assert!(page.contains(part), "{part}");
    }
    for raw in ["{wallet}", "{line}", "{official_numbers}", "+++"] {
        assert!(!page.contains(raw), "{raw}");
    }
    let harbor = hotline.get("/help/articles/unlock-account?lang=en&wallet=harbor").await.text();
    assert!(harbor.contains("Harbor Pay") && harbor.contains("tel:8001") && !harbor.contains("tel:8000"));
    let reply = hotline.get("/help/articles/nosuch?lang=en").await;
    assert_eq!((reply.status, reply.text().contains("There is no such page")), (404, true));
}

#[tokio::test]
async fn a_search_finds_or_says_what_to_do() {
    let hotline = Hotline::start().await;
    let page = hotline.get("/help/search?lang=zh-CN&q=%E5%B8%B3%E8%99%9F%E9%8E%96%E4%BD%8F").await.text();
    assert!(page.contains("/help/articles/unlock-account"));
    for query in ["q=zzzzqqqq", "q=", "", "q=%3Cscript%3E", "q=%ff", "x=y&q=a&q=b"] {
        let reply = hotline.get(&format!("/help/search?lang=en&{query}")).await;
        assert_eq!((reply.status, reply.text().contains("tel:8000")), (200, true), "{query}");
        assert!(!reply.text().contains("<script>"), "{query}");
    }
    let found = hotline.get("/api/public/articles?q=refund&wallet=harbor&lang=en").await.json();
    assert_eq!(found[0]["slug"], "refund");
    assert!(found.as_array().unwrap().len() <= 5);
    assert_eq!(hotline.get("/api/public/articles?q=refund&wallet=nosuch&lang=en").await.json(), serde_json::json!([]));
    hotline.get("/api/public/articles?q=refund&wallet=harbor&lang=fr").await.is_problem(422, "invalid-input");
}

#[tokio::test]
async fn articles_are_there_while_the_store_is_not() {
    let hotline = Hotline::start().await;
    assert_eq!(hotline.get("/help").await.status, 200);
    hotline.store.close().await;
    assert_eq!(hotline.get("/help/articles/freeze-account").await.status, 200);
    assert_eq!(hotline.get("/help/offline").await.status, 200);
}

#[tokio::test]
async fn pages_are_compressed_for_those_who_take_it() {
    let hotline = Hotline::start().await;
    let plain = hotline.get("/help").await;
    assert_eq!(plain.header("content-encoding"), None);
    let packed = hotline.send("GET", "/help", &[("Accept-Encoding", "gzip, br")], b"").await;
    assert_eq!(packed.header("content-encoding"), Some("gzip"));
    assert!(packed.body.len() * 2 < plain.body.len(), "{} of {}", packed.body.len(), plain.body.len());
}

#[tokio::test]
async fn a_call_from_a_page_is_bounded_and_told_why_it_ends() {
    let hotline = Hotline::start().await;
    let dial = serde_json::json!({ "type": "dial", "sdp": "v=0" });
    for (line, cause) in [("9999", "unknown_line"), ("8000", "failed")] {
        let address = format!("/api/public/call?line={line}&lang=en");
        let mut page = Desk::silent(open(&hotline, &address, None, None).await.unwrap());
        page.say(&dial).await;
        assert_eq!(page.next().await, serde_json::json!({ "type": "ended", "cause": cause }), "{line}");
    }
    assert!(open(&hotline, "/api/public/call?line=8000", None, Some("https://evil.example")).await.is_err());
    assert!(open(&hotline, "/api/public/call?line=8000&lang=fr", None, None).await.is_err());
    let mut refused = 0;
    for _ in 0..20 {
        let mut page = Desk::silent(open(&hotline, "/api/public/call?line=9999", None, None).await.unwrap());
        page.say(&dial).await;
        refused += u32::from(page.next().await["cause"] == "too_many");
    }
    assert!(refused > 0, "calls of one address are counted");
}
