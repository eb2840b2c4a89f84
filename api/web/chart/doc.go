// Package chart draws small, honest pictures of figures as SVG: lines with
// their targets, bars from zero, the parts of a whole, and the quadrant of the
// two ratings.
//
// A picture holds no style, only classes, so it lives under a strict content
// security policy and follows the page's colours in light and dark. It has a
// title and a description for those who do not see it, it is drawn for one of
// two widths (Slim for a phone, Wide for a desk) so that its text is never
// shrunk, and every mark may lead to the facts behind it. The figures beside it,
// as a table, are the page's duty.
package chart
