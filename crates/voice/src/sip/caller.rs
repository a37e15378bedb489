//! Who calls, as an INVITE says it: the number shown, and what is said for that number. Believes none of it.

use super::address::{SipUri, param, split_list, split_name_addr, unescape_user};
use super::head::is_named;
use crate::passport::{Verstat, Vouching, read_identities};
use rsipstack::sip::{HeadersExt, Request};

/// The calling number: the user part of From, or of what a carrier asserts (RFC 3325); empty when withheld (RFC 3261 section 8.1.1.3,
/// RFC 3323).
pub(super) fn caller(invite: &Request, carried: bool) -> String {
    let from = from_user(invite);
    let withheld_from = from.eq_ignore_ascii_case("anonymous");
    let user = Some(asserted(invite)).filter(|asserted| carried && !asserted.is_empty()).unwrap_or(from);
    let withheld = withheld_from
        || user.eq_ignore_ascii_case("anonymous")
        || invite.privacy_header().is_some_and(|privacy| {
            privacy
                .value()
                .split(';')
                .any(|kind| ["id", "user"].iter().any(|withheld| kind.trim().eq_ignore_ascii_case(withheld)))
        });
    if withheld { String::new() } else { user }
}

/// The user part of From, whatever else is said.
pub(super) fn from_user(invite: &Request) -> String {
    invite.from_header().map(|from| number_in(from.value())).unwrap_or_default()
}

/// The user part of To.
pub(super) fn to_user(invite: &Request) -> String {
    invite.to_header().map(|to| number_in(to.value())).unwrap_or_default()
}

/// The number that is asserted; empty without one.
fn asserted(invite: &Request) -> String {
    let mut asserted = values(invite, "P-Asserted-Identity").flat_map(split_list).map(number_in);
    asserted.find(|number| !number.is_empty()).unwrap_or_default()
}

/// What is said for the calling number of a call to the number `dialled`.
pub(super) fn vouching(invite: &Request, dialled: &str) -> Vouching {
    let from = invite.from_header().map(|from| from.value().to_owned()).unwrap_or_default();
    let told = values(invite, "P-Asserted-Identity").flat_map(split_list).chain([from.as_str()]).find_map(verstat_in);
    Vouching {
        identities: read_identities(values(invite, "Identity")),
        asserted: asserted(invite),
        dialled: dialled.to_owned(),
        to: to_user(invite),
        verstat: told.and_then(|told| Verstat::read(told, values(invite, "P-Attestation-Indicator").next())),
    }
}

fn values<'a>(invite: &'a Request, name: &'static str) -> impl Iterator<Item = &'a str> {
    invite.headers.iter().filter(move |header| is_named(header.name(), name)).map(|header| header.value())
}

/// The number in an address: its user part. A number has parameters of its own there (RFC 3261 section 19.1.6), which go.
fn number_in(value: &str) -> String {
    let user = split_name_addr(value).and_then(|(uri, _)| SipUri::parse(uri)).map(|uri| uri.user).unwrap_or_default();
    let (number, _) = user.split_once(';').unwrap_or((user, ""));
    let is_number = number.bytes().any(|byte| byte.is_ascii_digit())
        && number.bytes().all(|byte| byte.is_ascii_digit() || b"+-.()*#".contains(&byte));
    unescape_user(if is_number { number } else { user })
}

/// The `verstat` beside a number: among its parameters, those of the address, or those of the field.
fn verstat_in(value: &str) -> Option<&str> {
    let (uri, parameters) = split_name_addr(value)?;
    let uri = SipUri::parse(uri)?;
    let (_, beside) = uri.user.split_once(';').unwrap_or((uri.user, ""));
    [beside, uri.params, parameters].into_iter().find_map(|parameters| param(parameters, "verstat"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stands_before_its_parameters() {
        for (value, number, verstat) in [
            ("<sip:+12155550112@h>;tag=a", "+12155550112", None),
            ("<sip:+12155550112;verstat=TN-Validation-Passed@h;user=phone>;tag=a", "+12155550112", Some("TN-Validation-Passed")),
            ("<tel:+1-215-555-0112;verstat=No-TN-Validation>", "+1-215-555-0112", Some("No-TN-Validation")),
            ("<sip:+12155550112@h;verstat=TN-Validation-Failed>", "+12155550112", Some("TN-Validation-Failed")),
            ("<sip:+12155550112@h>;verstat=TN-Validation-Passed;tag=a", "+12155550112", Some("TN-Validation-Passed")),
            ("<sip:li;na@h>;tag=a", "li;na", None),
            ("<sip:h>;tag=a", "", None),
            ("nothing", "", None),
        ] {
            assert_eq!((number_in(value).as_str(), verstat_in(value)), (number, verstat), "{value}");
        }
    }
}
