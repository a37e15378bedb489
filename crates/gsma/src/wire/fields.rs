//! Key and value pairs: parties, identifiers, `customData`, `metadata`.

use crate::Private;
use serde::{Deserialize, Deserializer, Serialize};

/// A key with its value. The value may be a number or a name, so it does not print itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyValue {
    /// What the value is: `msisdn`, `accountid`, `simChangedAt`.
    pub key: String,
    /// The value.
    pub value: Private,
}

impl KeyValue {
    /// A pair.
    #[must_use]
    pub fn new(key: &str, value: impl Into<String>) -> Self {
        Self { key: key.to_owned(), value: Private::new(value) }
    }
}

/// A list of pairs. An absent or `null` list reads as an empty one, and an empty one is not written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Fields(pub Vec<KeyValue>);

impl Fields {
    /// The value of a key, compared without case; the first one where a wallet repeats it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|pair| pair.key.eq_ignore_ascii_case(key)).map(|pair| pair.value.expose())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Option::<Vec<KeyValue>>::deserialize(deserializer)?.unwrap_or_default()))
    }
}
