//! Callbacks: sent by PUT with the key of their request, again until they are taken, and over a restart of the other side.

use crate::changes::{effects, freeze};
use crate::listener::Listening;
use crate::rig::{Rig, key};
use crate::spec::schema_violations;
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::put;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::mpsc;
use walletline_gsma::Accepted;
use walletline_gsma::wire::NotificationMethod;

/// Takes callbacks, after it has failed so many times.
async fn receiver(failures: u32) -> (Listening, mpsc::UnboundedReceiver<(String, Bytes)>) {
    let (sender, received) = mpsc::unbounded_channel();
    let left = Arc::new(AtomicU32::new(failures));
    let take = move |headers: HeaderMap, body: Bytes| async move {
        sender.send((headers["x-correlationid"].to_str().unwrap().to_owned(), body)).unwrap();
        let failing = left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok();
        if failing { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::NO_CONTENT }
    };
    (Listening::on_loopback(Router::new().route("/callback", put(take))).await, received)
}

#[tokio::test]
async fn a_late_change_is_called_back_once_it_is_carried_out() {
    let (listening, mut received) = receiver(0).await;
    let rig = Rig::called_back_at(listening.url("/callback")).await;
    rig.fault("freeze", "late").await;
    let Ok(Accepted::Pending(id)) = freeze(&rig.jinqiao, "W100001", &key(1)).await else { panic!("202 pending") };
    assert_eq!(rig.jinqiao.request_state(&id).await.unwrap().notification_method, NotificationMethod::Callback);
    assert!(received.try_recv().is_err());
    rig.advance(10).await;
    let (correlation_id, body) = received.recv().await.unwrap();
    assert_eq!(correlation_id, key(1));
    assert!(schema_violations("genericUpdateSuccess", &body).is_empty());
    rig.assert_conforming();
}

#[tokio::test]
async fn a_callback_sent_twice_tells_of_one_effect() {
    let (listening, mut received) = receiver(0).await;
    let rig = Rig::called_back_at(listening.url("/callback")).await;
    rig.fault("freeze", "twice").await;
    assert_eq!(freeze(&rig.jinqiao, "W100001", &key(1)).await, Ok(Accepted::Done));
    let (first, second) = (received.recv().await.unwrap(), received.recv().await.unwrap());
    assert_eq!((first.0.as_str(), &first), (key(1).as_str(), &second));
    assert_eq!(effects(&rig).await.len(), 1);
}

#[tokio::test]
async fn a_callback_that_is_not_taken_comes_again() {
    let (listening, mut received) = receiver(2).await;
    let rig = Rig::called_back_at(listening.url("/callback")).await;
    rig.fault("freeze", "late").await;
    assert!(freeze(&rig.jinqiao, "W100001", &key(1)).await.is_ok());
    rig.advance(10).await;
    for _ in 0..2 {
        received.recv().await.unwrap();
        // The pause before the next try has begun once the refusal is written down; until then this moves nothing.
        while received.is_empty() {
            rig.advance(60).await;
            tokio::task::yield_now().await;
        }
    }
    received.recv().await.unwrap();
}

#[tokio::test]
async fn what_is_carried_out_at_once_is_not_called_back() {
    let (listening, mut received) = receiver(0).await;
    let rig = Rig::called_back_at(listening.url("/callback")).await;
    assert_eq!(freeze(&rig.jinqiao, "W100001", &key(1)).await, Ok(Accepted::Done));
    rig.sandbox.close().await;
    assert!(received.try_recv().is_err());
    rig.assert_conforming();
}
