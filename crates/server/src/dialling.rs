//! What a call to a number costs its caller, as far as the world's numbering plans say: for rules that allow whole ranges.

use phonenumber::Type;
use phonenumber::metadata::DATABASE;
use walletline_voice::NumberKind;

/// The kind of a number in E.164. A short code has no country and is of no known kind.
pub(crate) fn kind(number: &str) -> NumberKind {
    let parsed = number.starts_with('+').then(|| phonenumber::parse(None, number).ok()).flatten();
    let Some(parsed) = parsed.filter(phonenumber::PhoneNumber::is_valid) else { return NumberKind::Unknown };
    match parsed.number_type(&DATABASE) {
        Type::PremiumRate | Type::SharedCost => NumberKind::Premium,
        Type::FixedLine
        | Type::Mobile
        | Type::FixedLineOrMobile
        | Type::TollFree
        | Type::PersonalNumber
        | Type::Voip
        | Type::Uan
        | Type::StandardRate => NumberKind::Ordinary,
        Type::Pager
        | Type::Emergency
        | Type::Voicemail
        | Type::ShortCode
        | Type::Carrier
        | Type::NoInternational
        | Type::Unknown => NumberKind::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_costs_more_and_what_nobody_knows_is_told_apart() {
        for (number, expected) in [
            ("+8613800138000", NumberKind::Ordinary),
            ("+442079460801", NumberKind::Ordinary),
            ("+864001234567", NumberKind::Premium),
            ("+449098790000", NumberKind::Premium),
            ("+8695588", NumberKind::Unknown),
            ("95588", NumberKind::Unknown),
            ("+86110", NumberKind::Unknown),
            ("+999", NumberKind::Unknown),
            ("", NumberKind::Unknown),
        ] {
            assert_eq!(kind(number), expected, "{number}");
        }
    }
}
