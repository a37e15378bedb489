//! The public site: chosen by a link, remembered, readable by anybody, and not too often.

use crate::harness::Hotline;

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
