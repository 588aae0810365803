//! Who may see and do what: one table.
//!
//! The table says how far a role reaches for each deed; nothing else in the program decides about it. Whoever has no
//! account is nobody, and what nobody may is what open viewing shows.

use crate::act::{Act, FaultAct, Keeping};
use crate::line::Township;
use crate::record::{AccountName, Amendment, Role};

/// Something that is seen or done. Each page and each operation of the API is one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deed {
    /// See lines, outages, faults, inspections and planned downtime.
    See,
    /// See what is counted over the whole district: figures of a period, metrics.
    SeeDistrict,
    /// See names and telephone numbers of people.
    SeeContacts,
    /// See who decided what, and on which document.
    SeeDecisions,
    /// Report a fault, and say more of one that was reported.
    Report,
    /// Say that a fault is back.
    Reopen,
    /// Take a fault on, go there, repair it.
    Work,
    /// Close, merge, split or void a fault.
    Judge,
    /// Record an inspection.
    Inspect,
    /// Agree on planned downtime.
    Plan,
    /// Decide about time that is past, and approve what others decided.
    Decide,
    /// See and change accounts.
    KeepAccounts,
    /// Set one's own password, and end one's own sessions.
    OwnPassword,
    /// Read configuration and inventory again.
    Reload,
}

impl Deed {
    /// All deeds.
    pub const ALL: [Self; 14] = [
        Self::See,
        Self::SeeDistrict,
        Self::SeeContacts,
        Self::SeeDecisions,
        Self::Report,
        Self::Reopen,
        Self::Work,
        Self::Judge,
        Self::Inspect,
        Self::Plan,
        Self::Decide,
        Self::KeepAccounts,
        Self::OwnPassword,
        Self::Reload,
    ];

    /// As the description of the API names it.
    pub fn label(self) -> &'static str {
        match self {
            Self::See => "see",
            Self::SeeDistrict => "see_district",
            Self::SeeContacts => "see_contacts",
            Self::SeeDecisions => "see_decisions",
            Self::Report => "report",
            Self::Reopen => "reopen",
            Self::Work => "work",
            Self::Judge => "judge",
            Self::Inspect => "inspect",
            Self::Plan => "plan",
            Self::Decide => "decide",
            Self::KeepAccounts => "keep_accounts",
            Self::OwnPassword => "own_password",
            Self::Reload => "reload",
        }
    }
}

/// How far a role reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Not at all.
    Nothing,
    /// What belongs to its own township.
    Own,
    /// Everything.
    All,
}

/// The table. `None` is nobody in particular, who gets as far as this only where viewing is open.
#[expect(clippy::match_same_arms, reason = "a table is read row by row")]
pub fn may(role: Option<&Role>, deed: Deed) -> Reach {
    use Reach::{All, Nothing, Own};
    let [nobody, viewer, crew, office, admin] = match deed {
        Deed::See => [All, All, All, Own, All],
        Deed::SeeDistrict => [All, All, All, Nothing, All],
        Deed::SeeContacts => [Nothing, All, All, Own, All],
        Deed::SeeDecisions => [Nothing, All, All, Nothing, All],
        Deed::Report => [Nothing, Nothing, All, Own, All],
        Deed::Reopen => [Nothing, Nothing, All, Own, All],
        Deed::Work => [Nothing, Nothing, All, Nothing, All],
        Deed::Judge => [Nothing, Nothing, Nothing, Nothing, All],
        Deed::Inspect => [Nothing, Nothing, All, Nothing, All],
        Deed::Plan => [Nothing, Nothing, Nothing, Nothing, All],
        Deed::Decide => [Nothing, Nothing, Nothing, Nothing, All],
        Deed::KeepAccounts => [Nothing, Nothing, Nothing, Nothing, All],
        Deed::OwnPassword => [Nothing, All, All, All, All],
        Deed::Reload => [Nothing, Nothing, Nothing, Nothing, All],
    };
    match role {
        None => nobody,
        Some(Role::Viewer) => viewer,
        Some(Role::Crew) => crew,
        Some(Role::Office(_)) => office,
        Some(Role::Admin) => admin,
    }
}

/// Whether a role may do something at all, be it in its own township only.
pub fn may_somewhere(role: Option<&Role>, deed: Deed) -> bool {
    may(role, deed) > Reach::Nothing
}

/// Whether a role may do something to what belongs to a township.
pub fn may_in(role: Option<&Role>, deed: Deed, township: &Township) -> bool {
    match (may(role, deed), role) {
        (Reach::All, _) => true,
        (Reach::Own, Some(Role::Office(own))) => own == township,
        (Reach::Own | Reach::Nothing, _) => false,
    }
}

/// What an act is for the table, when this account does it.
pub fn deed_of(act: &Act, by: Option<&AccountName>) -> Deed {
    match act {
        Act::Inspect(_) => Deed::Inspect,
        Act::Plan(_) => Deed::Plan,
        Act::Decide(_) | Act::Import(_) | Act::Seal(_) => Deed::Decide,
        Act::Fault(act) => deed_of_fault(act),
        Act::Keep(Keeping::SetPassword { account } | Keeping::SignOut { account }) if Some(account) == by => {
            Deed::OwnPassword
        }
        Act::Keep(_) => Deed::KeepAccounts,
    }
}

fn deed_of_fault(act: &FaultAct) -> Deed {
    match act {
        FaultAct::Report { .. } => Deed::Report,
        FaultAct::Acknowledge { .. }
        | FaultAct::Dispatch { .. }
        | FaultAct::Arrive { .. }
        | FaultAct::Restore { .. }
        | FaultAct::AddPoint { .. }
        | FaultAct::RemovePoint { .. } => Deed::Work,
        FaultAct::Reopen { .. } => Deed::Reopen,
        FaultAct::Close { .. } | FaultAct::Merge { .. } | FaultAct::Split { .. } | FaultAct::Void { .. } => Deed::Judge,
        FaultAct::Note { amendment, .. } => {
            let Amendment { words: _, symptom: _, contact: _, phone: _, ticket, overdue_reason, .. } = amendment;
            let judged = [&amendment.responsibility, &amendment.remedy].iter().any(|told| told.is_some());
            if judged || amendment.cause.is_some() {
                Deed::Judge
            } else if ticket.is_some() || overdue_reason.is_some() {
                Deed::Work
            } else {
                Deed::Report
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles() -> [Option<Role>; 5] {
        [None, Some(Role::Viewer), Some(Role::Crew), Some(Role::Office("汀泗桥镇".into())), Some(Role::Admin)]
    }

    /// The whole table as a picture: A everything, o its own township, - nothing.
    #[test]
    fn the_table_is_what_it_says() {
        let rows = Deed::ALL.map(|deed| {
            let row: String = roles()
                .iter()
                .map(|role| match may(role.as_ref(), deed) {
                    Reach::All => 'A',
                    Reach::Own => 'o',
                    Reach::Nothing => '-',
                })
                .collect();
            format!("{row} {}", deed.label())
        });
        let expected = [
            "AAAoA see",
            "AAA-A see_district",
            "-AAoA see_contacts",
            "-AA-A see_decisions",
            "--AoA report",
            "--AoA reopen",
            "--A-A work",
            "----A judge",
            "--A-A inspect",
            "----A plan",
            "----A decide",
            "----A keep_accounts",
            "-AAAA own_password",
            "----A reload",
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn an_admin_may_everything_everywhere_and_only_an_office_is_bound_to_a_township() {
        for deed in Deed::ALL {
            assert!(may_in(Some(&Role::Admin), deed, &"any".into()));
            for role in roles() {
                let own = may(role.as_ref(), deed) == Reach::Own;
                assert!(!own || matches!(role, Some(Role::Office(_))), "{role:?} {deed:?}");
            }
        }
    }

    #[test]
    fn an_office_reports_in_its_own_township_alone() {
        let office = Role::Office("汀泗桥镇".into());
        assert!(may_in(Some(&office), Deed::Report, &"汀泗桥镇".into()));
        assert!(!may_in(Some(&office), Deed::Report, &"官埠桥镇".into()));
        assert!(!may_in(Some(&office), Deed::Report, &"".into()), "a line without a township is nobody's own");
    }

    #[test]
    fn what_may_be_done_in_ones_own_township_may_be_done_somewhere() {
        let office = Role::Office("汀泗桥镇".into());
        assert!(may_somewhere(Some(&office), Deed::Report), "in its own township");
        assert!(may_somewhere(Some(&Role::Crew), Deed::Report), "everywhere");
        assert!(!may_somewhere(Some(&office), Deed::Judge));
        assert!(!may_somewhere(None, Deed::Report));
    }

    /// Who reports may tell more of his report; what crews know is theirs to say, and a judgement is the admin's.
    #[test]
    fn an_addition_to_a_fault_is_the_deed_of_whoever_can_know_it() {
        use crate::record::FaultNo;
        let said = || Some("something".to_owned());
        let none = Amendment::default;
        for (amendment, deed) in [
            (none(), Deed::Report),
            (
                Amendment { words: "more".to_owned(), symptom: said(), contact: said(), phone: said(), ..none() },
                Deed::Report,
            ),
            (Amendment { ticket: said(), ..none() }, Deed::Work),
            (Amendment { overdue_reason: said(), ..none() }, Deed::Work),
            (Amendment { cause: Some(vec!["water".to_owned()]), ..none() }, Deed::Judge),
            (Amendment { responsibility: said(), ..none() }, Deed::Judge),
            (Amendment { remedy: said(), ..none() }, Deed::Judge),
            (Amendment { words: "more".to_owned(), ticket: said(), remedy: said(), ..none() }, Deed::Judge),
        ] {
            let told = format!("{amendment:?}");
            let act = FaultAct::Note { fault: FaultNo::from_stored("F20260105-001".to_owned()), amendment };
            assert_eq!(deed_of(&Act::Fault(act), None), deed, "{told}");
        }
    }

    #[test]
    fn labels_are_all_different() {
        let labels: std::collections::BTreeSet<_> = Deed::ALL.map(Deed::label).into();
        assert_eq!(labels.len(), Deed::ALL.len());
    }

    #[test]
    fn a_password_of_ones_own_is_not_somebody_elses() {
        let (own, other): (AccountName, AccountName) = ("li".parse().unwrap(), "wang".parse().unwrap());
        let of = || own.clone();
        for keeping in [Keeping::SetPassword { account: of() }, Keeping::SignOut { account: of() }] {
            let act = Act::Keep(keeping);
            assert_eq!(deed_of(&act, Some(&own)), Deed::OwnPassword);
            assert_eq!(deed_of(&act, Some(&other)), Deed::KeepAccounts);
            assert_eq!(deed_of(&act, None), Deed::KeepAccounts);
        }
    }
}
