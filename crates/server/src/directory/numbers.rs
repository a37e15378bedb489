//! Which numbers of the world's plan a text may mean. Every country has its own rules of dialling; they are looked up here, at the
//! edge, because a table of all of them has no place in the core. What is found is a candidate and nothing more: the core holds it
//! against the digits as they stand.

use phonenumber::{Mode, country};
use walletline_core::directory::{Phone, Reading};

/// Countries tried at most; a directory names a few.
const REGIONS_MAX: usize = 16;

/// The numbers that a text may mean where it is dialled in one of these countries (ISO 3166-1). Only numbers that can exist.
pub(crate) fn phones<'a>(reading: &Reading, regions: impl IntoIterator<Item = &'a str>) -> Vec<Phone> {
    let Some(dialled) = reading.dialled().filter(|dialled| !dialled.is_spelled) else { return Vec::new() };
    let mut found: Vec<Phone> = Vec::new();
    let mut keep = |phone: Option<Phone>| {
        if let Some(phone) = phone.filter(|phone| dialled.means(phone) && !found.contains(phone)) {
            found.push(phone);
        }
    };
    if !dialled.plus {
        let known = regions.into_iter().take(REGIONS_MAX).filter_map(|region| region.parse::<country::Id>().ok());
        for region in known {
            keep(parse(Some(region), &dialled.digits));
        }
        if let Some(rest) = dialled.digits.strip_prefix("00") {
            keep(parse(None, &format!("+{rest}")));
        }
    }
    keep(parse(None, &dialled.international()));
    found
}

fn parse(region: Option<country::Id>, text: &str) -> Option<Phone> {
    let number = phonenumber::parse(region, text).ok().filter(phonenumber::PhoneNumber::is_valid)?;
    let country_digits = number.country().code().to_string().len();
    let number = number.format().mode(Mode::E164).to_string().parse().ok()?;
    Some(Phone { number, country_digits })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_people_of_the_listed_countries_write_it() {
        for (text, numbers) in [
            ("+86 190 0000 8000", &["+8619000008000"][..]),
            ("0086-19000008000", &["+8619000008000"]),
            ("８６ １９０００００８０００", &["+8619000008000"]),
            ("19000008000", &["+8619000008000"]),
            ("020 7946 0801", &["+862079460801", "+442079460801"]),
            ("+44 (0)20 7946 0801", &["+442079460801"]),
            ("00442079460801", &["+442079460801"]),
            ("+44020 7946 0801", &[]),
            ("95588", &[]),
            ("+8695588", &[]),
            ("110", &[]),
            ("8000", &[]),
            ("1900000800O", &[]),
            ("+1 800 FLOWERS", &[]),
            ("hello", &[]),
            ("", &[]),
        ] {
            let found = phones(&Reading::of(text), ["CN", "GB", "XX"]);
            let found: Vec<&str> = found.iter().map(|phone| phone.number.as_str()).collect();
            assert_eq!(found, numbers, "{text}");
        }
    }
}
