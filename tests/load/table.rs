/// Prints a table: the first column to the left, numbers to the right.
pub(crate) fn print(title: &str, head: &[&str], rows: &[Vec<String>]) {
    let cells =
        |column: usize| rows.iter().filter_map(move |row| row.get(column)).map(|cell| cell.chars().count());
    let widths: Vec<_> = head
        .iter()
        .enumerate()
        .map(|(column, name)| cells(column).chain([name.chars().count()]).max().unwrap_or(0))
        .collect();
    let line = |row: &[String]| {
        let cells = row.iter().zip(&widths).enumerate();
        let cells = cells.map(|(column, (cell, width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        format!("  {}", cells.collect::<Vec<_>>().join("  ")).trim_end().to_owned()
    };
    let head: Vec<_> = head.iter().map(|&name| name.to_owned()).collect();
    println!("\n{title}\n{}", line(&head));
    println!("  {}", "─".repeat(widths.iter().sum::<usize>() + 2 * (widths.len() - 1)));
    for row in rows {
        println!("{}", line(row));
    }
}
