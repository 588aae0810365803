//! Accounts.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    about: &[
        ("user", "账号：谁能看什么、做什么"),
        ("user add", "添加账号"),
        ("user list", "列出账号和令牌"),
        ("user role", "更改账号的角色"),
        ("user disable", "停用账号，它的登录和令牌随即作废"),
        ("user enable", "重新启用账号，要重设密码"),
        ("user password", "设置账号的密码，以前的登录作废"),
        ("user sign-out", "让账号在所有地方退出登录，密码和令牌不变"),
        ("user sessions", "列出账号的登录"),
        ("user token", "令牌：程序凭它以某个账号的身份访问"),
        ("user token add", "签发令牌并显示，只显示这一次"),
        ("user token revoke", "作废令牌"),
    ],
    arguments: &[
        ("user", "account", "账号名：汉字、字母、数字、. - _"),
        ("user", "role", "viewer 查看，crew 运维人员，\noffice 乡镇办（只管本乡镇），admin 管理员"),
        ("user", "township", "乡镇办所属的乡镇"),
        ("user", "full_name", "姓名 [默认：同账号名]"),
        ("user", "generate", "生成一次性密码并显示"),
        ("user", "stdin", "从标准输入读密码，一行"),
        ("user", "no_password", "不设密码，只用令牌"),
        ("user", "reason", "原因"),
        ("user", "label", "给哪个程序用"),
        ("user", "token", "令牌编号，见 user list"),
    ],
    examples: &[(
        "user",
        "例：
  linewatch user add admin --role admin            问密码，不显示；不填则生成
  linewatch user add tingsi --role office --township 汀泗桥镇 --generate
  linewatch user add grafana --role viewer --no-password
  linewatch user token add grafana --for Grafana > token",
        "Examples:
  linewatch user add admin --role admin            asks; empty: makes one
  linewatch user add tingsi --role office --township 汀泗桥镇 --generate
  linewatch user add grafana --role viewer --no-password
  linewatch user token add grafana --for Grafana > token",
    )],
};
