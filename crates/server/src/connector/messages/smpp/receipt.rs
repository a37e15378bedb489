//! A delivery receipt as a message centre sends it: by its parameters where it has them, else by the text that SMPP 3.4 describes in
//! appendix B. What cannot be read is no receipt.

use crate::connector::messages::receipts::{About, Receipt, report_of};
use rusmpp::pdus::DeliverSm;
use rusmpp::tlvs::TlvValue;
use rusmpp::values::{MessageState, MessageType};
use walletline_core::outbox::Report;

/// What a receipt says: which message, and what became of it; no report when it is still on its way. None for what is no receipt.
pub(super) fn read(pdu: &DeliverSm) -> Option<Receipt> {
    let values = || pdu.tlvs().iter().filter_map(|tlv| tlv.value());
    let named = values().find_map(|value| match value {
        TlvValue::ReceiptedMessageId(name) => Some(name.as_str().to_owned()),
        _ => None,
    });
    let state = values().find_map(|value| match value {
        TlvValue::MessageState(state) => Some(*state),
        _ => None,
    });
    let is_receipt = !matches!(pdu.esm_class.message_type, MessageType::Default);
    let text = String::from_utf8_lossy(pdu.short_message().as_ref()).into_owned();
    if !is_receipt && named.is_none() {
        return None;
    }
    let reference = named.or_else(|| field(&text, "id"))?;
    let report = match state {
        Some(state) => of_state(state),
        None => report_of(&field(&text, "stat")?),
    };
    let reason = field(&text, "err").filter(|code| code.chars().any(|c| c != '0')).map(|code| format!("smpp_err_{code}"));
    Some(Receipt { about: About::Reference(reference), report, reason })
}

const fn of_state(state: MessageState) -> Option<Report> {
    match state {
        MessageState::Delivered => Some(Report::Delivered),
        MessageState::Expired => Some(Report::Expired),
        MessageState::Deleted | MessageState::Undeliverable | MessageState::Rejected | MessageState::Skipped => {
            Some(Report::Failed)
        }
        // Another company's words: whatever else there is or will be says nothing of an end.
        _ => None,
    }
}

/// The word behind `name:`.
fn field(text: &str, name: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let at = lower.match_indices(name).map(|(at, _)| at).find(|at| {
        let starts = *at == 0 || lower.as_bytes()[at - 1] == b' ';
        starts && lower[at + name.len()..].starts_with(':')
    })?;
    let word = text.get(at + name.len() + 1..)?.split([' ', '\0', '\r', '\n']).next()?;
    let short = word.len() <= walletline_core::outbox::REFERENCE_MAX;
    (short && !word.is_empty()).then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusmpp::types::OctetString;
    use rusmpp::values::EsmClass;

    fn receipt(text: &str) -> Option<Receipt> {
        let esm_class = EsmClass::from(0x04);
        read(&DeliverSm::builder().esm_class(esm_class).short_message(OctetString::from_slice(text.as_bytes()).unwrap()).build())
    }

    #[test]
    fn a_receipt_in_words_is_read() {
        let text = "id:7FA sub:001 dlvrd:001 submit date:2611280200 done date:2611280201 stat:DELIVRD err:000 text:Your co";
        let read = receipt(text).unwrap();
        assert_eq!((read.about, read.report, read.reason), (About::Reference("7FA".to_owned()), Some(Report::Delivered), None));
        let failed = receipt("id:8 sub:001 dlvrd:000 stat:UNDELIV err:045 text:").unwrap();
        assert_eq!((failed.report, failed.reason.as_deref()), (Some(Report::Failed), Some("smpp_err_045")));
        assert_eq!(receipt("id:8 stat:EXPIRED").unwrap().report, Some(Report::Expired));
        assert_eq!(receipt("id:8 stat:ENROUTE").unwrap().report, None);
    }

    #[test]
    fn what_is_no_receipt_is_none() {
        for text in ["", "STOP", "id: stat:DELIVRD", "stat:DELIVRD", "id:8"] {
            assert_eq!(receipt(text), None, "{text}");
        }
        let hello = OctetString::from_slice(b"id:8 stat:DELIVRD").unwrap();
        assert_eq!(read(&DeliverSm::builder().short_message(hello).build()), None, "a customer's own message is none");
    }
}
