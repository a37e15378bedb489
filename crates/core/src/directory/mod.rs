//! The official directory: which numbers, sites and names are a wallet's own, who said so, and what is answered to somebody who
//! asks about one. Nothing that only resembles a listed address is ever called official.

mod address;
mod edition;
mod entry;
mod likeness;
mod listing;
mod lookalike;
mod lookup;
mod reading;
mod short_code;
mod suspect;

pub use address::{Address, BadAddress, E164, Kind};
pub use edition::{EDITION_VALID, Edition, EditionFacts, Listed, RESIGN_BEFORE};
pub use entry::{BadEntry, Entry, Words};
pub use likeness::Likeness;
pub use listing::{
    Clerk, Listing, ListingLine, ListingRefusal, ListingState, ListingStep, NOTE_CHARS_MAX, Proposal, Proposed, Ruled,
};
pub use lookup::{Answer, Finding, Near, lookup};
pub use reading::{Dialled, Mark, Phone, READ_CHARS_MAX, Reading};
pub use short_code::{ShortCodes, Use};
pub use suspect::{SIGHTINGS_MAX, Seen, Sighting, Suspect, SuspectRefusal, SuspectState, WHERE_CHARS_MAX};

#[cfg(test)]
mod laws;
