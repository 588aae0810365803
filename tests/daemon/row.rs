//! One line of the inventory.

/// A row of the CSV file; what is not said is left empty.
#[derive(Clone, Debug)]
pub struct Row {
    /// 线路编号.
    pub id: String,
    /// 线路名称.
    pub name: String,
    /// 类别, `township` unless said otherwise.
    pub class: String,
    /// IP地址.
    pub address: String,
    /// 上联线路.
    pub upstream: String,
    /// 所属乡镇.
    pub township: String,
}

impl Row {
    /// A township line, called as its id.
    pub fn new(id: &str, address: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: id.to_owned(),
            class: "township".to_owned(),
            address: address.to_owned(),
            upstream: String::new(),
            township: String::new(),
        }
    }

    /// Reached through this line.
    pub fn below(self, upstream: &str) -> Self {
        Self { upstream: upstream.to_owned(), ..self }
    }

    /// Of another class.
    pub fn class(self, class: &str) -> Self {
        Self { class: class.to_owned(), ..self }
    }

    /// With another name than its id.
    pub fn named(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    /// In a township.
    pub fn township(self, township: &str) -> Self {
        Self { township: township.to_owned(), ..self }
    }
}

/// The whole file.
pub fn csv(rows: &[Row]) -> String {
    let line = |Row { id, name, class, address, upstream, township }: &Row| {
        format!("{id},{name},{class},{township},{address},{upstream}\n")
    };
    "id,name,class,township,address,upstream\n".to_owned() + &rows.iter().map(line).collect::<String>()
}
