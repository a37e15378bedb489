//! Whose contacts somebody may read and hear: their own, those of the agents they lead, or everybody's. Rights follow from role and
//! teams alone, and nothing else widens them.

use super::{Staff, Teams};
use crate::kernel::{actor::Role, ids::StaffId};

/// How far somebody's reading goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach<'a> {
    /// Contacts they took part in.
    Own,
    /// Also those in which somebody of these teams took part.
    Led(&'a Teams),
    /// Every contact.
    Everybody,
}

impl Staff {
    /// Whose contacts this person reads, and whose recordings they hear.
    #[must_use]
    pub const fn reach(&self) -> Reach<'_> {
        match self.role {
            Role::Agent | Role::Checker | Role::Handler | Role::Admin => Reach::Own,
            Role::Supervisor => match &self.teams {
                Teams::All => Reach::Everybody,
                Teams::Named(_) => Reach::Led(&self.teams),
            },
            Role::Auditor | Role::Compliance => Reach::Everybody,
        }
    }

    /// May read a contact in which these took part; `teams_of` says to which teams each belongs.
    pub fn may_read<'a>(&self, agents: &[StaffId], teams_of: impl Fn(StaffId) -> Option<&'a Teams>) -> bool {
        let led = |teams: &Teams| agents.iter().filter_map(|agent| teams_of(*agent)).any(|theirs| teams.cover(theirs));
        agents.contains(&self.id)
            || match self.reach() {
                Reach::Own => false,
                Reach::Led(teams) => led(teams),
                Reach::Everybody => true,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn staff(id: u128, role: Role, teams: &str) -> Staff {
        let teams = match teams {
            "all" => Teams::All,
            "" => Teams::default(),
            name => Teams::Named([name.parse().unwrap()].into()),
        };
        Staff {
            id: id.into(),
            user: String::new(),
            number: String::new(),
            role,
            languages: Vec::new(),
            skills: Vec::new(),
            teams,
            password_hash: None,
            sip_ha1: None,
        }
    }

    #[test]
    fn a_contact_is_read_by_whoever_took_part_leads_or_checks() {
        let (day, night) = (staff(1, Role::Agent, "day"), staff(2, Role::Agent, "night"));
        let teams_of = |id: StaffId| [&day, &night].into_iter().find(|agent| agent.id == id).map(|agent| &agent.teams);
        let of = |ids: &[u128]| ids.iter().map(|id| StaffId::from(*id)).collect::<Vec<_>>();
        for (role, teams, agents, expected) in [
            (Role::Supervisor, "day", &[1][..], true),
            (Role::Supervisor, "day", &[2], false),
            (Role::Supervisor, "day", &[2, 1], true),
            (Role::Supervisor, "day", &[], false),
            (Role::Supervisor, "", &[1, 2], false),
            (Role::Supervisor, "", &[9], true),
            (Role::Supervisor, "all", &[], true),
            (Role::Agent, "day", &[1], false),
            (Role::Agent, "day", &[9], true),
            (Role::Handler, "day", &[1], false),
            (Role::Admin, "day", &[1], false),
            (Role::Auditor, "", &[1], true),
            (Role::Compliance, "", &[], true),
        ] {
            assert_eq!(staff(9, role, teams).may_read(&of(agents), teams_of), expected, "{role:?} {teams} {agents:?}");
        }
    }
}
