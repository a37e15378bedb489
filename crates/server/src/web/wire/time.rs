//! Points in time on the wire.

use jiff::Timestamp;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;
use walletline_core::kernel::time::Wall;

/// A point in time: RFC 3339, UTC, milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ToSchema)]
#[schema(value_type = String, format = DateTime, example = "2026-11-22T14:02:05.120Z")]
pub(crate) struct Time(Wall);

impl From<Wall> for Time {
    fn from(at: Wall) -> Self {
        Self(at)
    }
}

impl From<Time> for Wall {
    fn from(time: Time) -> Self {
        time.0
    }
}

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A row outside jiff's ±9,999 years was never written by us; it is shown as the epoch rather than failing the request.
        let at = Timestamp::from_microsecond(self.0.0).unwrap_or(Timestamp::UNIX_EPOCH);
        write!(f, "{}", at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ"))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        let at: Timestamp = text.parse().map_err(|_| D::Error::custom("give a point in time as in 2026-11-22T14:02:05Z"))?;
        Ok(Self(Wall(at.as_microsecond())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_decimals_and_a_z() {
        for (us, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (1_795_356_125_120_999, "2026-11-22T14:02:05.120Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (i64::MAX, "1970-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(Time::from(Wall(us)).to_string(), text);
        }
    }
}
