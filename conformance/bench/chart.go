package bench

import (
	"fmt"
	"math"
	"strings"
)

// The size of a chart and of its margins, in pixels.
const (
	chartWidth, chartHeight = 640, 300
	marginLeft, marginRight = 76, 24
	marginTop, marginBottom = 14, 34
)

// colors are those of the lines, legible on light and dark alike.
var colors = []string{"#2f81f7", "#d9730d", "#2da44e", "#a371f7", "#d1549b", "#8b949e"}

// chart is lines over a few places side by side, on a logarithmic scale.
type chart struct {
	Title         string
	Width, Height int
	Left, Right   int // where the lines begin and end
	Bottom        int
	Places, Scale []tick
	Lines         []line
}

// tick is a label at a place, in pixels.
type tick struct {
	At   float64
	Text string
}

// line is a series of figures.
type line struct {
	Name, Color string
	Path        string // of its polyline
	Dots        []dot
}

type dot struct {
	X, Y float64
	Text string
}

// series is the figures of a line, by place; those that are not above 0 are left out.
type series struct {
	name   string
	values map[int]float64
}

// newChart draws series over places; ok is false where there is nothing to draw, or
// only one place.
func newChart(title, unit string, places []string, all []series) (c chart, ok bool) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, s := range all {
		for _, v := range s.values {
			if v > 0 {
				low, high = min(low, v), max(high, v)
			}
		}
	}
	if len(places) < 2 || math.IsInf(low, 1) {
		return c, false
	}
	c = chart{
		Title: title + ", " + unit, Width: chartWidth, Height: chartHeight,
		Left: marginLeft, Right: chartWidth - marginRight, Bottom: chartHeight - marginBottom,
	}
	bottom, top := math.Floor(math.Log10(low)), math.Ceil(math.Log10(high))
	top = max(top, bottom+1)
	y := func(v float64) float64 {
		share := (math.Log10(v) - bottom) / (top - bottom)
		return round(float64(c.Bottom) - share*float64(c.Bottom-marginTop))
	}
	x := func(i int) float64 {
		const inset = 30
		return round(float64(c.Left+inset) + float64(i)*float64(c.Right-c.Left-2*inset)/float64(len(places)-1))
	}
	for power := bottom; power <= top; power++ {
		c.Scale = append(c.Scale, tick{y(math.Pow(10, power)), scaleText(power)})
	}
	for i, place := range places {
		c.Places = append(c.Places, tick{x(i), place})
	}
	for i, s := range all {
		l := line{Name: s.name, Color: colors[i%len(colors)]}
		var path []string
		for i, place := range places {
			if v := s.values[i]; v > 0 {
				path = append(path, fmt.Sprintf("%g,%g", x(i), y(v)))
				l.Dots = append(l.Dots, dot{x(i), y(v), fmt.Sprintf("%s, %s: %s %s", s.name, place, figure(v), unit)})
			}
		}
		l.Path = strings.Join(path, " ")
		c.Lines = append(c.Lines, l)
	}
	return c, true
}

func round(v float64) float64 { return math.Round(10*v) / 10 }

// scaleText writes a power of ten.
func scaleText(power float64) string {
	if power < 0 {
		return fmt.Sprintf("%.*f", int(-power), math.Pow(10, power))
	}
	return fmt.Sprintf("%.0f", math.Pow(10, power))
}
