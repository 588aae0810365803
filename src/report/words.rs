//! Words for states, causes, lengths and instants, in the language and zone of the reader.

use linewatch_core::ledger::Stage;
use linewatch_core::outcome::{BlindCause, LossCause, State, UnsentCause};
use linewatch_core::time::{Millis, Timestamp};

use crate::language::Language;

/// How to say things to this reader, now.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// The reader's language.
    pub language: Language,
    /// All times are said in this zone.
    pub zone: chrono_tz::Tz,
    /// The instant that is today.
    pub now: Timestamp,
}

impl Words {
    /// The sentence in the reader's language.
    pub fn pick<'a>(&self, chinese: &'a str, english: &'a str) -> &'a str {
        self.language.pick(chinese, english)
    }

    /// A state.
    pub fn state(&self, state: &State) -> &'static str {
        match state {
            State::Pending => self.language.pick("待观测", "pending"),
            State::Up => self.language.pick("正常", "up"),
            State::Suspect => self.language.pick("可疑", "suspect"),
            State::Down => self.language.pick("中断", "down"),
            State::Recovering => self.language.pick("恢复中", "recovering"),
            State::Undetermined => self.language.pick("未观测", "not observed"),
        }
    }

    /// Why a line counts as down.
    pub fn loss(&self, cause: &LossCause) -> &'static str {
        match cause {
            LossCause::Timeout => self.language.pick("无应答", "no answer"),
            LossCause::NetUnreachable => self.language.pick("网络不可达", "network unreachable"),
            LossCause::HostUnreachable => self.language.pick("主机不可达", "host unreachable"),
            LossCause::PortUnreachable => self.language.pick("端口不可达", "port unreachable"),
            LossCause::Prohibited => self.language.pick("途中被过滤", "filtered on the way"),
            LossCause::TimeExceeded => self.language.pick("途中存在环路", "routing loop on the way"),
            LossCause::OtherUnreachable => self.language.pick("不可达", "unreachable"),
            LossCause::Refused => self.language.pick("连接被拒绝", "refused on the way"),
            LossCause::Closed => self.language.pick("对方拒绝或关闭了连接", "connection refused or closed by the line"),
            LossCause::NotRtsp => self.language.pick("应答不是 RTSP", "the answer is not RTSP"),
        }
    }

    /// Why nobody knows.
    pub fn blind(&self, cause: &BlindCause) -> &'static str {
        match cause {
            BlindCause::Stopped => self.language.pick("监测程序停止过", "the monitor did not run"),
            BlindCause::Silent => {
                self.language.pick("所有线路都无应答，疑为监测端自身故障", "nothing answers any more")
            }
            BlindCause::Unsent => self.language.pick("探测未能发出", "probes could not be sent"),
            BlindCause::ClockStep => self.language.pick("系统时钟被调整", "the clock was set"),
            BlindCause::Journal => self.language.pick("记录无法写入", "records could not be written"),
            BlindCause::Stalled => self.language.pick("监测主机停顿过", "the monitor stood still"),
            BlindCause::Pending => self.language.pick("尚无首次结果", "no first result yet"),
            BlindCause::Unresolved => self.language.pick("域名无法解析", "the host name does not resolve"),
            BlindCause::Unsettled => self.language.pick("结果尚未确定", "results are not settled yet"),
        }
    }

    /// Why a probe was not sent.
    pub fn unsent(&self, cause: &UnsentCause) -> &'static str {
        match cause {
            UnsentCause::NoRoute => self.language.pick("没有路由", "no route"),
            UnsentCause::InterfaceDown => self.language.pick("网卡不可用", "interface down"),
            UnsentCause::NoBuffer => self.language.pick("缓冲区不足", "no buffer"),
            UnsentCause::NoPermission => self.language.pick("没有权限", "no permission"),
            UnsentCause::NoDescriptor => self.language.pick("文件描述符用尽", "no file descriptor left"),
            UnsentCause::ReceiveOverflow => self.language.pick("接收缓冲区溢出", "receive buffer overflow"),
            UnsentCause::ReceiveDead => self.language.pick("接收线程失效", "receiver dead"),
            UnsentCause::Unresolved => self.language.pick("域名无法解析", "host name does not resolve"),
            UnsentCause::Engine => self.language.pick("探测引擎没有给出结果", "no result from the probe engine"),
        }
    }

    /// A length in its two largest units: 3分20秒, 2小时5分, 3天4小时. Truncated to seconds; a negative one is none.
    pub fn length(&self, length: &Millis) -> String {
        let seconds = length.0.max(0) / 1000;
        let units = [
            (seconds / 86_400, self.pick("天", " d")),
            (seconds / 3600 % 24, self.pick("小时", " h")),
            (seconds / 60 % 60, self.pick("分", " min")),
            (seconds % 60, self.pick("秒", " s")),
        ];
        let first = units.iter().position(|(count, _)| *count > 0).unwrap_or(units.len() - 1);
        let parts: Vec<String> = units[first..]
            .iter()
            .take(2)
            .enumerate()
            .filter(|(place, (count, _))| *place == 0 || *count > 0)
            .map(|(_, (count, unit))| format!("{count}{unit}"))
            .collect();
        parts.join(self.pick("", " "))
    }

    /// How long ago an instant is.
    pub fn since(&self, start: &Timestamp) -> String {
        self.length(&(self.now - *start))
    }

    /// An instant in the zone, to the second; of today the time alone.
    pub fn moment(&self, at: &Timestamp) -> String {
        let local = at.to_utc().with_timezone(&self.zone);
        let today = self.now.to_utc().with_timezone(&self.zone).date_naive();
        if local.date_naive() == today {
            format!("{}{}", self.pick("今天 ", "today "), local.format("%H:%M:%S"))
        } else {
            self.full_moment(at)
        }
    }

    /// From an instant on: 自今天 06:33:57 起, since today 06:33:57.
    pub fn from_moment(&self, at: &Timestamp) -> String {
        let moment = self.moment(at);
        match self.language {
            // A space stands between 中文 and digits, none between two words of 中文.
            Language::Chinese if moment.starts_with("今天") => format!("自{moment} 起"),
            Language::Chinese => format!("自 {moment} 起"),
            Language::English => format!("since {moment}"),
        }
    }

    /// An instant in the zone with its day, to the second.
    pub fn full_moment(&self, at: &Timestamp) -> String {
        at.to_utc().with_timezone(&self.zone).format("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// The township, or that none is named.
    pub fn township<'a>(&self, township: &'a str) -> &'a str {
        if township.is_empty() { self.language.pick("（未填乡镇）", "(no township)") } else { township }
    }

    /// `一条` needs no plural, `1 line` does.
    pub fn lines(&self, count: &u64) -> String {
        match self.language {
            Language::Chinese => format!("{count} 条线路"),
            Language::English if *count == 1 => "1 line".to_owned(),
            Language::English => format!("{count} lines"),
        }
    }
}

/// How far the work on a fault has come.
pub fn stage(stage: Stage, language: Language) -> &'static str {
    match stage {
        Stage::Open => language.pick("待受理", "open"),
        Stage::Acknowledged => language.pick("已受理", "acknowledged"),
        Stage::Dispatched => language.pick("已派单", "dispatched"),
        Stage::OnSite => language.pick("已到场", "on site"),
        Stage::Restored => language.pick("已修复", "restored"),
        Stage::Closed => language.pick("已关闭", "closed"),
        Stage::Void => language.pick("误报", "void"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(language: Language) -> Words {
        // 2026-01-05 10:00:00 in Shanghai.
        Words { language, zone: chrono_tz::Asia::Shanghai, now: Timestamp(1_767_578_400_000) }
    }

    #[test]
    fn a_length_is_said_in_its_two_largest_units() {
        for (millis, chinese, english) in [
            (-5, "0秒", "0 s"),
            (999, "0秒", "0 s"),
            (20_000, "20秒", "20 s"),
            (200_000, "3分20秒", "3 min 20 s"),
            (7_500_000, "2小时5分", "2 h 5 min"),
            (7_203_000, "2小时", "2 h"),
            (273_600_000, "3天4小时", "3 d 4 h"),
        ] {
            assert_eq!(words(Language::Chinese).length(&Millis(millis)), chinese);
            assert_eq!(words(Language::English).length(&Millis(millis)), english);
        }
    }

    #[test]
    fn an_instant_is_said_in_the_sites_zone() {
        let words = words(Language::Chinese);
        assert_eq!(words.moment(&Timestamp(1_767_578_400_000 - 36_000_000)), "今天 00:00:00");
        assert_eq!(words.moment(&Timestamp(1_767_578_400_000 - 36_000_001)), "2026-01-04 23:59:59");
        assert_eq!(words.from_moment(&Timestamp(1_767_578_400_000)), "自今天 10:00:00 起");
        assert_eq!(words.from_moment(&Timestamp(1_767_578_400_000 - 36_000_001)), "自 2026-01-04 23:59:59 起");
    }
}
