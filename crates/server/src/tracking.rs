//! Links that tell how something stands, for whoever holds one. A link is signed and runs out; nothing is stored for it, and whoever guesses
//! learns only that it is not ours.

use crate::help::Names;
use std::fmt::Display;
use walletline_core::kernel::time::{Span, Wall};

/// A link is good for so long: each message brings a new one.
const GOOD_FOR: Span = Span::from_s(30 * 24 * 3_600);

/// What a link leads to.
#[derive(Debug)]
pub enum Tracked<T> {
    /// It is not ours, or not as we made it.
    NotOurs,
    /// Its time is over.
    Over,
    /// This.
    Stands(T),
}

/// The address under `/help/` of what `id` names, good for a while from now on.
pub(crate) fn path(names: &Names, pages: &str, id: impl Display, now: Wall) -> String {
    let (id, until_s) = (id.to_string(), seconds(now + GOOD_FOR));
    format!("/help/{pages}/{id}/{until_s}/{}", names.tracking_token(&id, until_s))
}

/// Whether a link is ours, and still good. What it names is read only then.
pub(crate) fn open(names: &Names, id: impl Display, until: &str, token: &str, now: Wall) -> Tracked<()> {
    let Ok(until_s) = until.parse::<i64>() else { return Tracked::NotOurs };
    if !names.is_tracking_token(&id.to_string(), until_s, token) {
        return Tracked::NotOurs;
    }
    if seconds(now) >= until_s { Tracked::Over } else { Tracked::Stands(()) }
}

fn seconds(at: Wall) -> i64 {
    at.0.div_euclid(1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyring::{KEY_BYTES, Keyring};
    use walletline_core::kernel::ids::IdSource;
    use zeroize::Zeroizing;

    #[test]
    fn a_link_opens_what_it_names_until_its_time_is_over() {
        let names = Names::new(&Keyring::new(Zeroizing::new([7; KEY_BYTES])), IdSource::new(1));
        let now = Wall(1_795_000_000_000_000);
        let path = path(&names, "cases", "R123456782", now);
        let [_, _, pages, id, until, token] = path.split('/').collect::<Vec<_>>()[..] else { panic!("{path}") };
        assert_eq!((pages, id), ("cases", "R123456782"));
        let opened = |id: &str, until: &str, token: &str, at: Wall| match open(&names, id, until, token, at) {
            Tracked::NotOurs => "not ours",
            Tracked::Over => "over",
            Tracked::Stands(()) => "stands",
        };
        assert_eq!(opened(id, until, token, now), "stands");
        assert_eq!(opened(id, until, token, now + GOOD_FOR), "over");
        let later = (until.parse::<i64>().unwrap() + 1).to_string();
        for (id, until, token) in [("R000000000", until, token), (id, later.as_str(), token), (id, until, "0"), (id, "x", token)]
        {
            assert_eq!(opened(id, until, token, now), "not ours");
        }
    }
}
