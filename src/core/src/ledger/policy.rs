//! What the ledger decides by: the site's zone and the times of section 4 of the meanings.

use std::collections::BTreeMap;

use crate::line::ClassName;
use crate::time::Millis;

/// Times that decide when a fault opens, is restored or is the same again. A change concerns later decisions only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// The site's zone: days of fault numbers, month's ends.
    pub zone: chrono_tz::Tz,
    /// A confirmed own outage opens a fault once it has lasted this long. Default 60 s.
    pub open_after: Millis,
    /// A fault restored not longer ago than this is the same fault again. Default 30 min.
    pub merge_window: Millis,
    /// A fault is restored when its line has been up this long. Default 5 min.
    pub stability: Millis,
    /// A line still down this long after its ancestor came back is down on its own. Default 60 s.
    pub grace: Millis,
    /// Repair deadlines by class; others get [`Policy::DEFAULT_REPAIR`].
    pub repair: BTreeMap<ClassName, Millis>,
    /// A step entered longer after it was done than this is a late entry. Default 30 min.
    pub late_after: Millis,
    /// What people choose from when they speak of faults.
    pub choices: Choices,
}

/// What people choose from when they speak of faults, each list in the order in which it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// The causes a fault is closed with, by kind.
    pub causes: Vec<CauseKind>,
    /// What is wrong.
    pub symptoms: Vec<String>,
    /// By which way a report came. The first one is that of probes, and of reports that name none.
    pub channels: Vec<String>,
}

/// A kind of causes (光缆) with the causes of this kind (施工, 人为, …); of none, the kind is itself a cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CauseKind {
    /// The kind.
    pub name: String,
    /// Its causes.
    pub causes: Vec<String>,
}

impl Choices {
    /// Every cause as a path, in order.
    pub fn cause_paths(&self) -> Vec<Vec<String>> {
        let paths = |kind: &CauseKind| match kind.causes.as_slice() {
            [] => vec![vec![kind.name.clone()]],
            causes => causes.iter().map(|cause| vec![kind.name.clone(), cause.clone()]).collect(),
        };
        self.causes.iter().flat_map(paths).collect()
    }
}

/// What the office's own tables use.
impl Default for Choices {
    fn default() -> Self {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect();
        let kind = |name: &str, causes| CauseKind { name: name.to_owned(), causes: words(causes) };
        Self {
            causes: vec![
                kind("光缆", "施工 人为 交通 动物 自然灾害 火灾 无法查明"),
                kind("供电", "市电停电 空开跳闸 UPS"),
                kind("设备", "光模块 光猫/收发器 交换机 软件 误操作"),
                kind("线路侧", "尾纤松动 欠费"),
                kind("用户侧", "断电 搬迁"),
            ],
            symptoms: words("中断 时通时断 丢包 光衰 画面异常"),
            channels: words("网管自查 乡镇办上报 微信群 电话 巡检发现"),
        }
    }
}

impl Policy {
    /// 12 h, from the office's own report.
    pub const DEFAULT_REPAIR: Millis = Millis::from_secs(12 * 3600);

    /// The defaults in a zone.
    pub fn new(zone: chrono_tz::Tz) -> Self {
        Self {
            zone,
            open_after: Millis::from_secs(60),
            merge_window: Millis::from_secs(30 * 60),
            stability: Millis::from_secs(5 * 60),
            grace: Millis::from_secs(60),
            repair: BTreeMap::new(),
            late_after: Millis::from_secs(30 * 60),
            choices: Choices::default(),
        }
    }

    /// How long after its opening a fault on a line of this class is to be restored.
    pub fn repair_time(&self, class: &ClassName) -> Millis {
        self.repair.get(class).copied().unwrap_or(Self::DEFAULT_REPAIR)
    }
}
