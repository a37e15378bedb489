//! Staff as the voice engine knows them: by SIP user name, with the digest secret that lets their phone register.

use arc_swap::ArcSwap;
use std::collections::HashMap;
use std::sync::Arc;
use walletline_core::agent::{Secret, Staff};
use walletline_core::kernel::ids::StaffId;

/// SIP users and their secrets, read on every REGISTER and replaced whole when staff change.
#[derive(Clone, Default)]
pub struct PhoneCredentials {
    secrets: Arc<ArcSwap<HashMap<String, Secret>>>,
}

impl PhoneCredentials {
    /// The credentials of those among `staff` who take calls and have set a password.
    #[must_use]
    pub fn new(staff: &[Staff]) -> Self {
        let credentials = Self::default();
        credentials.replace(staff);
        credentials
    }

    fn replace<'a>(&self, staff: impl IntoIterator<Item = &'a Staff>) {
        let phones = staff.into_iter().filter(|member| member.role.takes_calls());
        let secrets = phones.filter_map(|member| Some((member.user.clone(), member.sip_ha1.clone()?))).collect();
        self.secrets.store(Arc::new(secrets));
    }
}

impl walletline_voice::Credentials for PhoneCredentials {
    fn ha1(&self, user: &str) -> Option<String> {
        self.secrets.load().get(user).map(|secret| secret.expose().to_owned())
    }
}

/// Who is behind a SIP user name, and the other way round.
pub(super) struct Phones {
    credentials: PhoneCredentials,
    by_user: HashMap<String, StaffId>,
    by_id: HashMap<StaffId, Staff>,
}

impl Phones {
    pub(super) fn new(credentials: PhoneCredentials, staff: &[Staff]) -> Self {
        let mut phones = Self { credentials, by_user: HashMap::new(), by_id: HashMap::new() };
        for member in staff {
            phones.remember(member);
        }
        phones
    }

    /// Takes over a member of staff who was added or changed.
    pub(super) fn change(&mut self, member: &Staff) {
        self.remember(member);
        self.credentials.replace(self.by_id.values());
    }

    pub(super) fn staff_of(&self, user: &str) -> Option<StaffId> {
        self.by_user.get(user).copied()
    }

    pub(super) fn user_of(&self, id: StaffId) -> Option<&str> {
        self.by_id.get(&id).map(|member| member.user.as_str())
    }

    fn remember(&mut self, member: &Staff) {
        self.by_user.insert(member.user.clone(), member.id);
        self.by_id.insert(member.id, member.clone());
    }
}
