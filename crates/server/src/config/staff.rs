//! `[staff]`: who needs a second factor to log in, and for how long a session lasts, used and unused.

use super::document::Section;
use super::{ConfigError, Keys};
use std::collections::{BTreeMap, BTreeSet};
use walletline_core::kernel::actor::Role;
use walletline_core::kernel::time::Span;

/// A working day with its breaks; nobody stays logged in overnight (NIST SP 800-63B, AAL2: twelve hours).
const SESSION: Span = Span::from_s(12 * 60 * 60);
/// NIST SP 800-63B, AAL2: an hour.
const IDLE: Span = Span::from_s(60 * 60);

/// How long sessions of one role last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From the log-in, whatever happens.
    pub session: Span,
    /// Without being used.
    pub idle: Span,
}

/// How staff log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Roles that must have a second factor. Whoever has one is asked for it all the same.
    pub second_factor: BTreeSet<Role>,
    limits: Limits,
    by_role: BTreeMap<Role, Limits>,
}

impl Staff {
    /// The limits of a role's sessions.
    #[must_use]
    pub fn limits(&self, role: Role) -> Limits {
        self.by_role.get(&role).copied().unwrap_or(self.limits)
    }

    pub(super) fn read(mut section: Section, keys: &Keys, demo: bool) -> Result<Self, ConfigError> {
        let names = section.texts("second_factor")?.unwrap_or_default();
        let role = |name: &String| Role::ALL.into_iter().find(|role| role.name() == name.as_str());
        let second_factor = names.iter().map(role).collect::<Option<BTreeSet<Role>>>().ok_or_else(|| {
            section.error("second_factor", format!("must be a list of roles: {}", Role::ALL.map(Role::name).join(", ")))
        })?;
        if !second_factor.is_empty() && keys.master.is_none() && !demo {
            return Err(section.error("second_factor", "needs keys.master: second factors are kept under it"));
        }
        let limits = read_limits(&mut section, Limits { session: SESSION, idle: IDLE })?;
        let mut by_role = BTreeMap::new();
        for role in Role::ALL {
            if let Some(mut own) = section.table(role.name())? {
                by_role.insert(role, read_limits(&mut own, limits)?);
                own.finish()?;
            }
        }
        section.finish()?;
        Ok(Self { second_factor, limits, by_role })
    }
}

fn read_limits(section: &mut Section, otherwise: Limits) -> Result<Limits, ConfigError> {
    let session = section.number("session_h", 1..=24)?.map(|h| Span::from_s(u64::from(h) * 3_600));
    let idle = section.number("idle_min", 1..=1_440)?.map(|min| Span::from_s(u64::from(min) * 60));
    Ok(Limits { session: session.unwrap_or(otherwise.session), idle: idle.unwrap_or(otherwise.idle) })
}
