//! What all pages have around their content.

use chrono_tz::Tz;
use linewatch_core::person::Deed;

use super::super::visit::Visit;
use super::super::{assets, guard};
use crate::language::Language;
use crate::report::words::Words;

/// What all pages have around their content.
pub(in crate::web) struct Frame {
    pub(in crate::web) title: String,
    pub(in crate::web) site: String,
    pub(in crate::web) words: Words,
    /// This page in the other language.
    pub(in crate::web) switch: String,
    /// Of a page that keeps itself as things are now.
    pub(in crate::web) live: Option<Live>,
    /// Whether the page shows the state of an instant.
    pub(in crate::web) dated: bool,
    /// Whether it is the wall's, without menus.
    pub(in crate::web) wall: bool,
    /// Who asks, as the pages call him; empty: nobody in particular.
    pub(in crate::web) viewer: String,
    /// The secret of the session, for the form that ends it.
    pub(in crate::web) csrf: String,
    /// Whether the menu offers to report: not to an account that may not; whoever has not logged in is asked to.
    reports: bool,
    /// The address without its parameters.
    path: String,
}

/// How a page keeps itself as things are now.
pub(in crate::web) struct Live {
    /// What it was made from.
    pub(in crate::web) sign: u64,
    /// Made anew after this long also when nothing has changed: delays, and how long something lasts.
    pub(in crate::web) every_seconds: u32,
}

/// A link of the menu.
pub(in crate::web) struct Item {
    pub(in crate::web) href: &'static str,
    pub(in crate::web) name: &'static str,
    /// A path of SVG, 24 units wide and high.
    pub(in crate::web) icon: &'static str,
    pub(in crate::web) current: bool,
}

/// A place in the menus: address, 中文, English, icon.
type Place = (&'static str, &'static str, &'static str, &'static str);

/// On a desk.
const MENU: [Place; 8] = [
    ("/", "总览", "Overview", ""),
    ("/faults", "故障", "Faults", ""),
    ("/lines", "线路", "Lines", ""),
    ("/maintenance", "计划停机", "Maintenance", ""),
    ("/inspections", "巡检", "Inspections", ""),
    ("/report", "年度指标", "Figures", ""),
    ("/wall", "大屏", "Wall", ""),
    ("/more", "更多", "More", ""),
];

/// Where faults are reported.
const REPORT: &str = "/report-fault";

/// On a phone, where a thumb reaches.
const TABS: [Place; 5] = [
    ("/", "总览", "Overview", "M4 11 12 4l8 7M6 9.5V20h12V9.5M10 20v-6h4v6"),
    ("/faults", "故障", "Faults", "M12 4 2.8 20h18.4zM12 10v4.5M12 17.2v.1"),
    (REPORT, "报障", "Report", "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8.5v7M8.5 12h7"),
    ("/lines", "线路", "Lines", "M5 5h14M5 12h14M5 19h14M5 5v14"),
    ("/more", "更多", "More", "M5 12h.01M12 12h.01M19 12h.01"),
];

impl Frame {
    /// Around a page of this title.
    pub(in crate::web) fn new(visit: &Visit, title: impl Into<String>) -> Self {
        let other = visit.language.pick(Language::English, Language::Chinese).tag();
        let switch = visit.with(&[]);
        let joint = if switch.contains('?') { '&' } else { '?' };
        Self {
            title: title.into(),
            site: visit.site().to_owned(),
            words: visit.words(),
            switch: format!("{switch}{joint}lang={other}"),
            live: None,
            dated: visit.look.is_some(),
            wall: false,
            viewer: visit.viewer.name.clone(),
            csrf: visit.viewer.csrf.clone(),
            reports: visit.viewer.account.is_none() || visit.viewer.may(Deed::Report),
            path: visit.path.clone(),
        }
    }

    /// The page is made anew when anything shown has changed, and every so many seconds.
    pub(in crate::web) fn live(mut self, visit: &Visit, every_seconds: u32) -> Self {
        self.live = visit.sign().map(|sign| Live { sign, every_seconds });
        self
    }

    /// The page shows nothing that changes from instant to instant.
    pub(in crate::web) fn undated(mut self) -> Self {
        self.dated = false;
        self
    }

    /// Without menus, for a screen on a wall.
    pub(in crate::web) fn on_the_wall(mut self) -> Self {
        self.wall = true;
        self
    }

    fn items(&self, places: &[Place]) -> Vec<Item> {
        let item = |(href, chinese, english, icon): &Place| Item {
            href,
            name: self.words.language.pick(chinese, english),
            icon,
            current: self.path == *href || (*href != "/" && self.path.starts_with(&format!("{href}/"))),
        };
        places.iter().map(item).collect()
    }

    pub(in crate::web) fn menu(&self) -> Vec<Item> {
        self.items(&MENU)
    }

    pub(in crate::web) fn tabs(&self) -> Vec<Item> {
        let mut tabs = self.items(&TABS);
        tabs.retain(|tab| self.reports || tab.href != REPORT);
        tabs
    }

    /// Where one logs in, to come back here.
    pub(in crate::web) fn login(&self) -> String {
        let next = serde_urlencoded::to_string([("next", &self.path)]).unwrap_or_default();
        format!("{}?{next}", guard::LOGIN)
    }

    /// The zone as people call it.
    pub(in crate::web) fn zone(&self) -> String {
        match self.words.zone {
            Tz::Asia__Shanghai => self.words.pick("北京时间", "Beijing time").to_owned(),
            zone => zone.to_string(),
        }
    }

    #[expect(clippy::unused_self, reason = "templates can only call methods")]
    pub(in crate::web) fn style(&self) -> String {
        assets::STYLE.address()
    }

    #[expect(clippy::unused_self, reason = "templates can only call methods")]
    pub(in crate::web) fn script(&self) -> String {
        assets::SCRIPT.address()
    }
}
