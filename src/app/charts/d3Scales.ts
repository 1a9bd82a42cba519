/**
 * The scales that charts may name. recharts looks scales up by name in all of d3-scale, which brings clocks, colours
 * and their formats along; the build puts this list in its place (see vite.config.ts).
 */
export { scaleBand, scaleLinear, scaleLog, scalePoint } from 'd3-scale'
