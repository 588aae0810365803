//! The columns of the inventory and their two names.

use super::cell::half_width;

macro_rules! columns {
    ($($(#[$meta:meta])* $name:ident $english:literal $chinese:literal;)*) => {
        /// A column.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Column { $($(#[$meta])* $name,)* }

        impl Column {
            /// All columns, in the order of the documentation.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The English name.
            pub fn english(self) -> &'static str {
                match self { $(Self::$name => $english,)* }
            }

            /// The Chinese name.
            pub fn chinese(self) -> &'static str {
                match self { $(Self::$name => $chinese,)* }
            }
        }
    };
}

columns! {
    /// Identity, required.
    Id "id" "线路编号";
    /// Required.
    Name "name" "线路名称";
    /// Required.
    Class "class" "类别";
    /// Township or street.
    Township "township" "所属乡镇";
    /// Village or community.
    Village "village" "村(社区)";
    /// Required.
    Address "address" "IP地址";
    /// How it is probed, icmp when empty.
    Probe "probe" "探测方式";
    /// Id of another line.
    Upstream "upstream" "上联线路";
    /// Who runs it.
    Carrier "carrier" "运营商";
    /// The carrier's number.
    CircuitNo "circuit_no" "电路编号";
    /// In Mbit/s.
    Bandwidth "bandwidth_mbps" "带宽";
    /// Leased circuit, fibre, …
    Access "access" "接入方式";
    /// In yuan a month.
    Rent "rent_yuan_month" "月租费";
    /// A name.
    Contact "contact" "联系人";
    /// A number.
    Phone "phone" "联系电话";
    /// Where it ends.
    InstallAddress "install_address" "安装地址";
    /// First day of service.
    Opened "opened" "开通日期";
    /// First day out of service.
    Closed "closed" "停用日期";
    /// Degrees north.
    Latitude "latitude" "纬度";
    /// Degrees east.
    Longitude "longitude" "经度";
    /// Anything.
    Note "note" "备注";
}

impl Column {
    /// Columns without which there is no line.
    pub const REQUIRED: [Self; 4] = [Self::Id, Self::Name, Self::Class, Self::Address];

    /// Whether it holds an id, number, date or address: full-width digits and letters then mean the plain ones.
    pub(super) fn is_code(self) -> bool {
        match self {
            Self::Id
            | Self::Address
            | Self::Probe
            | Self::Upstream
            | Self::CircuitNo
            | Self::Bandwidth
            | Self::Rent
            | Self::Phone
            | Self::Opened
            | Self::Closed
            | Self::Latitude
            | Self::Longitude => true,
            Self::Name
            | Self::Class
            | Self::Township
            | Self::Village
            | Self::Carrier
            | Self::Access
            | Self::Contact
            | Self::InstallAddress
            | Self::Note => false,
        }
    }

    /// Whether it holds a day.
    pub(super) fn is_day(self) -> bool {
        matches!(self, Self::Opened | Self::Closed)
    }

    /// Whether it holds a number that is computed with.
    pub(super) fn is_number(self) -> bool {
        matches!(self, Self::Bandwidth | Self::Rent | Self::Latitude | Self::Longitude)
    }

    /// The column with this header in either language; case, full-width letters, spaces and line
    /// breaks do not matter.
    pub fn from_header(header: &str) -> Option<Self> {
        let header = normal(header);
        Self::ALL
            .iter()
            .copied()
            .find(|column| header == normal(column.english()) || header == normal(column.chinese()))
    }
}

fn normal(header: &str) -> String {
    half_width(header).chars().filter(|c| !c.is_whitespace()).collect::<String>().to_lowercase()
}
