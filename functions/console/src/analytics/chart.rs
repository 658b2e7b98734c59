//! Bars as SVG, drawn by plotters. It knows fixed colours only, so each colour here is a name: the style sheet says what it is
//! in light and in dark.

use handoff_domain::rollup::whole;
use handoff_web::{Markup, html};
use maud::PreEscaped;
use plotters::prelude::*;

const WIDTH: u32 = 560;
const HEIGHT: u32 = 220;

/// The colours' names, in the order of the series: `.chart` in the style sheet.
const SERIES: [RGBColor; 4] = [RGBColor(1, 0, 0), RGBColor(2, 0, 0), RGBColor(3, 0, 0), RGBColor(4, 0, 0)];
const GRID: RGBColor = RGBColor(0, 9, 0);

/// Labels that fit beside each other.
const LABELS_MAX: usize = 7;

/// One part of each bar.
pub(super) struct Series {
    /// What it is called.
    pub(super) name: &'static str,
    /// Which of the four colours, from 0.
    pub(super) colour: usize,
    /// By bar.
    pub(super) values: Vec<f64>,
}

/// Bars with a label each, their parts one on top of the other.
pub(super) struct Bars<'a> {
    /// What the chart says, for those who do not see it.
    pub(super) says: &'a str,
    pub(super) labels: &'a [String],
    pub(super) series: &'a [Series],
    /// The top of the scale; `None` for the highest bar.
    pub(super) top: Option<f64>,
    /// Behind each number of the scale.
    pub(super) unit: &'static str,
}

impl Bars<'_> {
    fn highest(&self) -> f64 {
        let bar = |place: usize| self.series.iter().filter_map(|one| one.values.get(place)).sum::<f64>();
        (0..self.labels.len()).map(bar).fold(0.0, f64::max)
    }

    /// A chart and its legend; nothing where all bars are empty.
    pub(super) fn draw(&self) -> Markup {
        let top = self.top.unwrap_or_else(|| nice(self.highest()));
        let mut svg = String::new();
        if self.highest() <= 0.0 || self.paint(&mut svg, top).is_err() {
            return html! { p.muted { "Nothing to draw yet." } };
        }
        let svg = svg.split_once("<svg ").map(|(_, rest)| rest).unwrap_or_default();
        html! {
            figure.chart {
                (PreEscaped("<svg role=\"img\" "))
                (PreEscaped("aria-label=\"")) (self.says) (PreEscaped("\" ")) (PreEscaped(svg))
                @if self.series.len() > 1 {
                    figcaption.legend {
                        @for series in self.series { span.{ "series-" (series.colour + 1) } { (series.name) } }
                    }
                }
            }
        }
    }

    fn paint(&self, svg: &mut String, top: f64) -> Result<(), Box<dyn std::error::Error>> {
        let count = self.labels.len();
        let root = SVGBackend::with_string(svg, (WIDTH, HEIGHT)).into_drawing_area();
        let mut chart = ChartBuilder::on(&root)
            .margin(6)
            .x_label_area_size(26)
            .y_label_area_size(44)
            .build_cartesian_2d(0.0..count as f64, 0.0..top)?;
        let every = count.div_ceil(LABELS_MAX).max(1);
        let style = ("sans-serif", 15).into_font().color(&BLACK);
        chart
            .configure_mesh()
            .disable_x_mesh()
            .disable_x_axis()
            .y_labels(4)
            .y_max_light_lines(1)
            .bold_line_style(GRID)
            .light_line_style(TRANSPARENT)
            .axis_style(GRID)
            .y_label_formatter(&|value| format!("{}{}", trimmed(*value), self.unit))
            .label_style(style.clone())
            .draw()?;
        let mut floor = vec![0.0; count];
        for series in self.series {
            let colour = SERIES.get(series.colour).copied().unwrap_or(BLACK);
            let bars =
                floor.iter_mut().zip(&series.values).enumerate().filter(|(_, (_, value))| **value > 0.0);
            let bars: Vec<_> = bars
                .map(|(place, (floor, value))| {
                    let (left, from) = (place as f64, *floor);
                    *floor += value;
                    Rectangle::new([(left + 0.14, from), (left + 0.86, *floor)], colour.filled())
                })
                .collect();
            chart.draw_series(bars)?;
        }
        let area = chart.plotting_area().get_pixel_range();
        let centred = style.pos(plotters::style::text_anchor::Pos::new(
            plotters::style::text_anchor::HPos::Center,
            plotters::style::text_anchor::VPos::Top,
        ));
        let step = f64::from(area.0.end - area.0.start) / count as f64;
        for (place, label) in
            self.labels.iter().enumerate().filter(|(place, _)| (count - 1 - place).is_multiple_of(every))
        {
            let x = f64::from(area.0.start) + step * (place as f64 + 0.5);
            let x = i32::try_from(whole(x)).unwrap_or_default();
            root.draw_text(label, &centred, (x, area.1.end + 6))?;
        }
        root.present()?;
        drop(chart);
        drop(root);
        Ok(())
    }
}

/// The next round number.
fn nice(highest: f64) -> f64 {
    let power = 10_f64.powf(highest.max(1.0).log10().floor());
    let steps = [1.0, 2.0, 4.0, 5.0, 8.0, 10.0];
    steps.into_iter().map(|step| step * power).find(|top| *top >= highest).unwrap_or(highest)
}

fn trimmed(value: f64) -> String {
    if value.fract().abs() < 1e-9 { format!("{value:.0}") } else { format!("{value:.1}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(values: Vec<f64>) -> String {
        let labels: Vec<String> = (1..=values.len()).map(|place| format!("W{place}")).collect();
        let series = [
            Series { name: "Handed over", colour: 0, values: values.clone() },
            Series { name: "Expired", colour: 2, values: values.iter().map(|value| value / 2.0).collect() },
        ];
        Bars { says: "12 <handed> over", labels: &labels, series: &series, top: None, unit: "" }
            .draw()
            .into_string()
    }

    #[test]
    fn bars_say_in_words_what_they_show_and_take_their_colours_from_the_style_sheet() {
        let chart = bars(vec![3.0, 0.0, 12.0]);
        assert!(chart.contains("role=\"img\" aria-label=\"12 &lt;handed&gt; over\""));
        assert!(chart.contains("fill=\"#010000\"") && chart.contains("fill=\"#030000\""));
        assert_eq!(chart.matches("fill=\"#010000\"").count(), 2, "no bar for nothing");
        assert!(!chart.contains("style=") && !chart.contains("<style"), "the policy allows no inline styles");
        assert!(chart.contains("W3") && chart.ends_with("</figure>"), "{chart}");
    }

    #[test]
    fn nothing_is_said_where_nothing_is() {
        assert!(bars(vec![0.0, 0.0]).contains("Nothing to draw yet"));
    }

    #[test]
    fn a_scale_ends_on_a_round_number() {
        assert_eq!([3.0, 9.0, 11.0, 41.0].map(|top| whole(nice(top))), [4, 10, 20, 50]);
    }
}
