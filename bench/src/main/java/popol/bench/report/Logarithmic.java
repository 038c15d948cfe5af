package popol.bench.report;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.TextAnchor;

/** A logarithmic axis with ticks at round numbers, or at given ones, and plain labels. */
final class Logarithmic extends LogAxis {

  private static final long serialVersionUID = 1;

  private final double[] given; // empty: 1, 2 and 5, and what is ten times as much, and so on

  Logarithmic(String label, double... given) {
    super(label);
    this.given = given;
  }

  @Override
  public List<NumberTick> refreshTicks(Graphics2D graphics, AxisState state, Rectangle2D area, RectangleEdge edge) {
    TextAnchor anchor = RectangleEdge.isTopOrBottom(edge) ? TextAnchor.TOP_CENTER : TextAnchor.CENTER_RIGHT;
    DecimalFormat format = new DecimalFormat("#,##0.###", DecimalFormatSymbols.getInstance(Locale.ROOT));
    List<NumberTick> ticks = new ArrayList<>();
    for (double value : given.length > 0 ? given : round()) {
      if (getRange().contains(value)) {
        ticks.add(new NumberTick(value, format.format(value), anchor, TextAnchor.CENTER, 0));
      }
    }
    return ticks;
  }

  private double[] round() {
    List<Double> values = new ArrayList<>();
    boolean wide = getUpperBound() / getLowerBound() > 1e4;
    for (int power = (int) Math.floor(Math.log10(getLowerBound())); power <= Math.log10(getUpperBound()); power++) {
      for (int digit : wide ? new int[] {1} : new int[] {1, 2, 5}) {
        values.add(digit * Math.pow(10, power));
      }
    }
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
