// Package stockflow works out how many openings a stock of employed people makes: those by
// which it grows (expansion demand) and those that leavers leave (replacement demand).
//
// In go yearly employment by age group, three years at least, and a forecast of its total.
// Out come, for each year of that forecast, expansion, replacement by age group, openings,
// and how sure they are. Where the forecast of the total comes from, and what people are
// employed as, is the caller's.
//
// Replacement is net, from stocks alone, as there are no records of who leaves (the
// cohort-component method: E. Willems & A. de Grip, "Forecasting replacement demand by
// occupation and education", International Journal of Forecasting 9, 1993). A year on, 1/width
// of each age group has moved to the next one; what is then less than was to be expected has
// left. Leavers whose places people of the same age took in the same year are not seen, so
// replacement is a lower bound of separations. A group that more enter than leave (the youngest)
// has no leavers in this sense.
//
// Openings are replacement and expansion, a fall counting 0 (the mean over what the total may turn out to be): what the US Bureau of Labor
// Statistics' replacement-needs tables counted until 2016. Its separation method since, and
// Cedefop's skills forecast, add a fall too, since not every post that is left in a
// shrinking occupation is filled again: Year.Hires is that number.
//
// Departures from Willems & de Grip: rates are ratios of sums over the years and not a
// regression on the age structure of the population, which nobody gives us; a year and not
// five is a step; what few people show is drawn to what is known of all (Options.Prior); and the stock goes
// on to age while the total follows its forecast, so replacement in later years knows the
// retirements and the recruits of earlier ones.
package stockflow
