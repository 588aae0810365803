//! What is watched: one circuit or fibre ending at one address.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

macro_rules! name_type {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The text itself.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

name_type! {
    /// 线路编号: the identity of a line, for life.
    LineId
}
name_type! {
    /// 类别: `township`, `village`, `surveillance` or another class of the configuration.
    ClassName
}
name_type! {
    /// 所属乡镇: the township or street a line belongs to; empty when none is named.
    Township
}

/// 探测方式: how a line is probed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum ProbeMethod {
    /// ICMP echo (RFC 792, RFC 4443).
    #[default]
    Icmp,
    /// TCP connect to a port: SYN-ACK or RST is a reply.
    Tcp(u16),
    /// RTSP OPTIONS to a port (RFC 7826): any status line is a reply.
    Rtsp(u16),
}

/// A probe method is none of `icmp`, `tcp:PORT`, `rtsp:PORT`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown probe method {0:?}: use icmp, tcp:PORT or rtsp:PORT")]
pub struct UnknownProbeMethod(String);

impl FromStr for ProbeMethod {
    type Err = UnknownProbeMethod;

    fn from_str(text: &str) -> Result<Self, UnknownProbeMethod> {
        let unknown = || UnknownProbeMethod(text.to_owned());
        let port = |port: &str| port.parse().ok().filter(|port| *port != 0).ok_or_else(unknown);
        match text.split_once(':') {
            None if text.eq_ignore_ascii_case("icmp") => Ok(Self::Icmp),
            Some((name, number)) if name.eq_ignore_ascii_case("tcp") => Ok(Self::Tcp(port(number)?)),
            Some((name, number)) if name.eq_ignore_ascii_case("rtsp") => Ok(Self::Rtsp(port(number)?)),
            _ => Err(unknown()),
        }
    }
}

impl TryFrom<String> for ProbeMethod {
    type Error = UnknownProbeMethod;

    fn try_from(text: String) -> Result<Self, UnknownProbeMethod> {
        text.parse()
    }
}

impl From<ProbeMethod> for String {
    fn from(method: ProbeMethod) -> Self {
        method.to_string()
    }
}

impl fmt::Display for ProbeMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Icmp => f.write_str("icmp"),
            Self::Tcp(port) => write!(f, "tcp:{port}"),
            Self::Rtsp(port) => write!(f, "rtsp:{port}"),
        }
    }
}

/// Everything the inventory says of a line. Integers only, since it is kept in the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// 线路编号.
    pub id: LineId,
    /// 线路名称.
    pub name: String,
    /// 类别.
    pub class: ClassName,
    /// 所属乡镇, empty when not given.
    pub township: Township,
    /// 村(社区), empty when not given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub village: String,
    /// IP地址: an IPv4 or IPv6 address or a host name.
    pub address: String,
    /// 探测方式.
    pub probe: ProbeMethod,
    /// 上联线路: the line through which this one is reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream: Option<LineId>,
    /// 运营商.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub carrier: String,
    /// 电路编号, the carrier's number for the circuit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub circuit_no: String,
    /// 带宽 in kbit/s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bandwidth_kbps: Option<u64>,
    /// 接入方式.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub access: String,
    /// 月租费 in fen (1/100 yuan).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rent_fen_month: Option<i64>,
    /// 联系人.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub contact: String,
    /// 联系电话.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// 安装地址.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub install_address: String,
    /// 开通日期: start of service, 00:00 of that day in the site's zone; `None`: since before the journal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened: Option<Timestamp>,
    /// 停用日期: end of service, 00:00 of that day in the site's zone; `None`: still in service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed: Option<Timestamp>,
    /// 纬度 in millionths of a degree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latitude_e6: Option<i64>,
    /// 经度 in millionths of a degree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longitude_e6: Option<i64>,
    /// 备注.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

impl Line {
    /// A line with the four required columns, everything else empty.
    pub fn new(id: &str, name: &str, class: &str, address: &str) -> Self {
        Self {
            id: id.into(),
            name: name.to_owned(),
            class: class.into(),
            township: "".into(),
            village: String::new(),
            address: address.to_owned(),
            probe: ProbeMethod::Icmp,
            upstream: None,
            carrier: String::new(),
            circuit_no: String::new(),
            bandwidth_kbps: None,
            access: String::new(),
            rent_fen_month: None,
            contact: String::new(),
            phone: String::new(),
            install_address: String::new(),
            opened: None,
            closed: None,
            latitude_e6: None,
            longitude_e6: None,
            note: String::new(),
        }
    }

    /// Whether the line is in service at an instant by its own dates.
    pub fn in_service(&self, at: Timestamp) -> bool {
        self.opened.is_none_or(|opened| opened <= at) && self.closed.is_none_or(|closed| at < closed)
    }
}
