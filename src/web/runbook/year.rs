//! The year's budget.

use super::Subject;

pub(super) const SUBJECTS: &[Subject] = &[Subject {
    alerts: &[
        "LinewatchYearBudgetBurnFast",
        "LinewatchYearBudgetBurnSlow",
        "LinewatchYearBudgetBurnCreeping",
        "LinewatchYearBudgetSpent",
    ],
    title: ("年度允许的中断用得太快", "The year's budget is burning"),
    meaning: &[
        (
            "目标 99% 的意思是：一类线路全年平均允许 1% 的时间不通，每条线路约 3.65 天。这就是全年的预算。",
            "A target of 99 % allows a class to be down for 1 % of the year, 3.65 days a line on average. That is the year's budget.",
        ),
        (
            "一天用去 2%（近一天平均 7.3% 的时间不通），照此 50 天用完；一周用去 5%（近一周 2.6%），约 140 天用完；一个月用去 10%（近一个月 1.2%），约 10 个月用完。",
            "2 % of it in a day (7.3 % down over the day) uses it up in 50 days; 5 % in a week (2.6 %) in 140 days; 10 % in a month (1.2 %) in ten months.",
        ),
        (
            "每一档都有一个短窗口（2 小时、12 小时、3 天）也要超：已经好转的不再响。这是 Google SRE 手册的多窗口多速率办法，周期由 30 天改为一年，所以只在上班时间看，不在半夜叫人。",
            "Each also wants a short window (2 h, 12 h, 3 d) above the same rate, so that it ends when things are better. It is the multi-window, multi-burn-rate method of the SRE workbook, with a year in the place of 30 days: nobody is woken for it.",
        ),
        (
            "用掉八成（LinewatchYearBudgetSpent）再报一次；用完以后，余下的日子再好也到不了目标。",
            "LinewatchYearBudgetSpent comes at four fifths; once all is spent, the target is out of reach whatever happens.",
        ),
        (
            "没有观测的时间不算消耗。按各状态线路数估算，不是公布的数字；公布以年度汇总为准。",
            "Time without observation burns nothing. These are estimates from the number of lines in each state; figures for publication come from the rollup.",
        ),
    ],
    look: &[
        (
            "年度面板：哪一类，从哪天开始变快；近 30 天不通时间最长的二十条线路。",
            "The dashboard 年度: which class, since when, and the twenty lines that were down longest.",
        ),
        (
            "有没有长期没修的故障：几条线路一直断着，就够了。",
            "Faults that nobody repairs: a few lines that stay down are enough.",
        ),
    ],
    act: &[
        (
            "先修断得最久的。已经停用的线路在线路表里写停用日期，不要让它一直算中断。",
            "Repair what has been down longest. A line out of use gets its closing date in the inventory, so that it stops counting.",
        ),
        (
            "属于运营商大修、停电的，留好文号，年底按规定申请剔除。",
            "Keep the document numbers of carrier works and power cuts, for exclusion at the end of the year.",
        ),
    ],
}];
