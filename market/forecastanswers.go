package market

import "talentmatch/matcher/forecast"

// Sources of what is forecast.
const (
	FromSeries  = "series"  // series records, or values given with the request
	FromDemands = "demands" // heads of the demands by the period in which they were posted
)

// ForecastRequest asks for forecasts. Which fields count depends on Source.
type ForecastRequest struct {
	Source  string          `json:"source"`  // FromSeries (default), FromDemands
	Values  []ForecastInput `json:"values"`  // series: forecast these instead of records
	IDs     []string        `json:"ids"`     // series: these records alone
	Measure string          `json:"measure"` // series: of this measure alone
	By      []string        `json:"by"`      // demands: up to two of skill, occupation, region, industry, education; none for one total
	// RegionAt is how far the regions of demands are rolled up: province (default), prefecture, region.
	RegionAt string         `json:"region_at"`
	Period   string         `json:"period"` // demands: month (default), quarter, year
	From     string         `json:"from"`   // demands: the first period counted, default that of the oldest
	Until    string         `json:"until"`  // demands: the last, default that of the newest posted
	Filter   ForecastFilter `json:"filter"`
	Horizon  int            `json:"horizon"`  // periods ahead, 1..1000; 0 for a year and a half of months, two years of quarters, five years
	Counts   bool           `json:"counts"`   // whole numbers, not below 0
	Separate bool           `json:"separate"` // do not make sums and parts agree
	History  bool           `json:"history"`  // give the past values too
	Limit    int            `json:"limit"`    // items a page, 1..1000
	Cursor   string         `json:"cursor"`   // from the last answer
}

// ForecastFilter narrows what is forecast: a record must match one of each list.
type ForecastFilter struct {
	Skill      []string `json:"skill,omitempty"`
	Occupation []string `json:"occupation,omitempty"`
	Region     []string `json:"region,omitempty" doc:"regions; what lies inside counts"`
	Industry   []string `json:"industry,omitempty"`
}

// ForecastInput is a series that comes with the request.
type ForecastInput struct {
	ID     string     `json:"id" required:"true" maxLength:"500"`
	Period string     `json:"period,omitempty" enum:"year,quarter,month" doc:"default: what start says, else year"`
	Start  string     `json:"start,omitempty" maxLength:"10" doc:"YYYY, YYYY-Qn or YYYY-MM; without it steps are numbered"`
	Values []*float64 `json:"values" required:"true" maxItems:"9999" doc:"oldest first; null is a gap"`
}

// ForecastAnswer is a page of forecasts in the order of ids; sums come before their parts.
type ForecastAnswer struct {
	Items      []ForecastItem `json:"items"`
	NextCursor string         `json:"next_cursor"`
	Meta       ForecastMeta   `json:"meta"`
}

// ForecastItem is the forecast of one series.
type ForecastItem struct {
	ID       string             `json:"id" doc:"of the series, or dimension=key of demands"`
	Measure  string             `json:"measure,omitempty"`
	AgeGroup string             `json:"age_group,omitempty"`
	Keys     map[string]string  `json:"keys,omitempty" doc:"dimension -> id"`
	Names    map[string]string  `json:"names,omitempty" doc:"dimension -> label"`
	Period   string             `json:"period" enum:"year,quarter,month"`
	Start    string             `json:"start,omitempty" doc:"the first past value's period"`
	History  []*float64         `json:"history,omitempty" doc:"past values, null for a gap"`
	Steps    []ForecastStep     `json:"steps"`
	Weights  []forecast.Weight  `json:"weights" doc:"what the methods counted, the greatest first"`
	Backtest *forecast.Accuracy `json:"backtest,omitempty" doc:"of the series' own past; absent when it is too short"`
	Break    *ForecastBreak     `json:"break,omitempty" doc:"where the structure of the past changed most, when it did by more than 99 % of series without a break seem to"`
	Filled   int                `json:"filled" doc:"gaps that were filled"`
	Parts    int                `json:"parts,omitempty" doc:"series that it is the sum of"`
	Agrees   bool               `json:"agrees" doc:"sums and parts were made to agree"`
}

// ForecastStep is one period ahead.
type ForecastStep struct {
	Period string  `json:"period" doc:"YYYY, YYYY-Qn or YYYY-MM; +n where the past has no dates"`
	Mean   float64 `json:"mean"`
	Lo80   float64 `json:"lo80"`
	Hi80   float64 `json:"hi80"`
	Lo95   float64 `json:"lo95"`
	Hi95   float64 `json:"hi95"`
}

// ForecastBreak is a change of structure.
type ForecastBreak struct {
	Period    string  `json:"period" doc:"the first of the new structure"`
	Statistic float64 `json:"statistic" doc:"sup Wald (Andrews 1993)"`
	Critical  float64 `json:"critical"`
}

// ForecastMeta says what was forecast, and what could not be.
type ForecastMeta struct {
	Source      string          `json:"source"`
	Horizon     map[string]int  `json:"horizon" doc:"period -> steps"`
	Series      int             `json:"series"`
	Failed      []ForecastFault `json:"failed" doc:"series that could not be forecast"`
	Undated     int             `json:"undated" doc:"demands without a date of posting, which are left out"`
	Reconciled  string          `json:"reconciled,omitempty" doc:"how sums and parts were made to agree: mint, wls_variance ..."`
	Notes       []string        `json:"notes"`
	NotesZH     []string        `json:"notes_zh" doc:"the notes in Chinese, in the same order"`
	Definitions []Definition    `json:"definitions"`
	Versions    Versions        `json:"versions"`
}

// ForecastFault is a series that could not be forecast, and why.
type ForecastFault struct {
	ID      string `json:"id"`
	Message string `json:"message"`
}

// ForecastDefinitions are the definitions of a forecast's numbers.
var ForecastDefinitions = []Definition{
	{"mean", "预测值：约二十种方法（指数平滑全族、Theta、ARIMA、滞后回归、Croston、TSB 与朴素法）的加权平均，权重由滚动起点回测决定。", "The forecast: the weighted mean of some twenty methods (exponential smoothing in all forms, theta, ARIMA, regression on lags, Croston, TSB, naive ones), weighed by backtests from rolling origins."},
	{"lo80", "80 % 预测区间下限（hi80 上限；lo95、hi95 为 95 %）：宽度由同批序列回测误差的分位数标定。", "Lower end of the 80 % prediction interval (hi80 the upper; lo95 and hi95 of 95 %), as wide as the errors of the backtests of all series together ask for."},
	{"backtest", "该序列自身历史上的精度：sMAPE（百分比，0–200）、MASE、OWA（相对 Naive2，小于 1 为更好）。权重已见过这些误差，故略偏乐观。", "How it did on the series' own past: sMAPE (percent, 0..200), MASE, OWA (against Naive2, below 1 is better). The weights know these errors, so it is a little too good."},
	{"break", "结构突变：去季节后 sup-Wald 统计量（Andrews 1993）最大之处；超过无突变序列约 99 % 的模拟值才标出。", "A change of structure: where the sup Wald statistic (Andrews 1993) of the series without its season is greatest, when it is above what about 99 % of simulated series without a break have."},
	{"agrees", "总量与分量已按 MinT（收缩协方差，非负）调整一致。", "Sums and parts were made to agree by MinT with a shrunk covariance, not below 0."},
}
