package popol.bench.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.text.TextUtils;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** One picture: black on white, whatever it is shown on. */
final class Plot {

  private static final int WIDTH = 820;
  private static final int HEIGHT = 480;
  private static final String FAMILY = Font.SANS_SERIF;
  private static final Font TITLE = new Font(FAMILY, Font.BOLD, 16);
  private static final Font TEXT = new Font(FAMILY, Font.PLAIN, 13);
  private static final Font SMALL = new Font(FAMILY, Font.PLAIN, 11);
  private static final Color GRID = new Color(0xDADCE0);

  private final JFreeChart chart;

  private Plot(JFreeChart chart) {
    this.chart = chart;
  }

  /**
   * A line for each contender over the number of sources, which has a logarithmic axis.
   *
   * @param logarithmic whether the measurements have one too; if not, theirs starts at 0
   * @param dashed more lines, of the same contenders
   */
  static Plot lines(String title, String x, String y, boolean logarithmic, List<Row> rows, List<Row> dashed) {
    XYSeriesCollection data = new XYSeriesCollection();
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer();
    add(data, renderer, rows, false);
    add(data, renderer, dashed, true);
    double[] sizes =
        Stream.concat(rows.stream(), dashed.stream()).mapToDouble(Row::sources).distinct().sorted().toArray();
    ValueAxis sources = new Logarithmic(x, sizes);
    ValueAxis measurements = logarithmic ? new Logarithmic(y) : new NumberAxis(y);
    style(sources);
    style(measurements);
    XYPlot plot = new XYPlot(data, sources, measurements, renderer);
    plot.setBackgroundPaint(Color.WHITE);
    plot.setDomainGridlinePaint(GRID);
    plot.setRangeGridlinePaint(GRID);
    plot.setDomainGridlineStroke(new BasicStroke(1));
    plot.setRangeGridlineStroke(new BasicStroke(1));
    plot.setOutlineVisible(false);
    return new Plot(new JFreeChart(title, TITLE, plot, true));
  }

  private static void add(XYSeriesCollection data, XYLineAndShapeRenderer renderer, List<Row> rows, boolean dashed) {
    for (String contender : contenders(rows)) {
      XYSeries series = new XYSeries(contender + (dashed ? " 99.9 %" : ""));
      rows.stream().filter(row -> row.contender().equals(contender) && row.value() > 0)
          .forEach(row -> series.add(row.sources(), row.value()));
      int number = data.getSeriesCount();
      Look look = Look.of(contender);
      data.addSeries(series);
      renderer.setSeriesPaint(number, look.color());
      renderer.setSeriesStroke(number, look.stroke(dashed));
      double radius = look.thick() ? 4 : 2.5;
      renderer.setSeriesShape(number, new Ellipse2D.Double(-radius, -radius, radius * 2, radius * 2));
      renderer.setSeriesVisibleInLegend(number, !dashed);
    }
  }

  /** Bars side by side, a group for each measurement. */
  static Plot bars(String title, String y, List<Row> rows) {
    DefaultCategoryDataset data = new DefaultCategoryDataset();
    BarRenderer renderer = new BarRenderer();
    for (String contender : contenders(rows)) {
      renderer.setSeriesPaint(data.getRowCount(), Look.of(contender).color());
      rows.stream().filter(row -> row.contender().equals(contender))
          .forEach(row -> data.addValue(row.value(), contender, row.what()));
    }
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setItemMargin(0.05);
    renderer.setDefaultItemLabelGenerator(
        new StandardCategoryItemLabelGenerator("{2}",
            new DecimalFormat("0", DecimalFormatSymbols.getInstance(Locale.ROOT))));
    renderer.setDefaultItemLabelFont(SMALL);
    renderer.setDefaultItemLabelsVisible(true);
    CategoryAxis x = new CategoryAxis();
    x.setTickLabelFont(SMALL);
    x.setMaximumCategoryLabelLines(3);
    NumberAxis axis = new NumberAxis(y);
    style(axis);
    axis.setUpperMargin(0.1);
    CategoryPlot plot = new CategoryPlot(data, x, axis, renderer);
    plot.setBackgroundPaint(Color.WHITE);
    plot.setRangeGridlinePaint(GRID);
    plot.setRangeGridlineStroke(new BasicStroke(1));
    plot.setOutlineVisible(false);
    return new Plot(new JFreeChart(title, TITLE, plot, true));
  }

  private static List<String> contenders(List<Row> rows) {
    return rows.stream().map(Row::contender).distinct().sorted(Comparator.comparing(Look::place)).toList();
  }

  private static void style(ValueAxis axis) {
    axis.setLabelFont(TEXT);
    axis.setTickLabelFont(SMALL);
  }

  void write(Path file, String machine) throws IOException {
    chart.setBackgroundPaint(Color.WHITE);
    chart.setPadding(new RectangleInsets(8, 8, 8, 8));
    chart.getTitle().setHorizontalAlignment(HorizontalAlignment.LEFT);
    chart.getLegend().setPosition(RectangleEdge.RIGHT);
    chart.getLegend().setItemFont(TEXT);
    chart.getLegend().setFrame(BlockBorder.NONE);
    TextTitle note = new TextTitle(machine, SMALL);
    note.setPosition(RectangleEdge.BOTTOM);
    note.setHorizontalAlignment(HorizontalAlignment.LEFT);
    note.setPaint(Color.DARK_GRAY);
    note.setMargin(6, 0, 0, 0);
    chart.addSubtitle(note);
    chart.setElementHinting(false);
    SVGGeneratorContext context = SVGGeneratorContext.createDefault(document());
    context.setPrecision(2);
    SVGGraphics2D graphics = new SVGGraphics2D(context, false); // text stays text
    graphics.setSVGCanvasSize(new Dimension(WIDTH, HEIGHT));
    TextUtils.setUseDrawRotatedStringWorkaround(false); // it would draw the axis's label as a shape
    chart.draw(graphics, new Rectangle2D.Double(0, 0, WIDTH, HEIGHT));
    Element root = graphics.getRoot();
    root.setAttribute("viewBox", "0 0 " + WIDTH + " " + HEIGHT);
    try (Writer writer = Files.newBufferedWriter(file)) {
      graphics.stream(root, writer);
    }
  }

  private static Document document() {
    try {
      return DocumentBuilderFactory.newInstance().newDocumentBuilder().getDOMImplementation()
          .createDocument(SVGGraphics2D.SVG_NAMESPACE_URI, SVGGraphics2D.SVG_SVG_TAG, null);
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }
}
