// How long Cal.com's own functions take to say when so many hosts are free over a fortnight: the date
// ranges of an ordinary week in a time zone, less what is booked. They are what its published library
// exports of itself; slots are made of such ranges afterwards, and that is not counted.
//   node date_ranges.cjs DIST HOSTS BOOKED      prints milliseconds of a processor
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const [dist, hosts, booked] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const chunk = fs.readdirSync(dist).find((name) => /^date-ranges-.*\.cjs$/.test(name));
const { buildDateRanges, subtract } = require(path.join(dist, chunk));
const dayjs = require(require.resolve("dayjs", { paths: [dist] }));

const ZONE = "America/Denver";
const [FIRST, LAST, DAYS] = [8, 16, 14];
const from = dayjs.tz("2026-11-23T00:00:00", ZONE);
const to = from.add(DAYS, "day");
const clock = (hour) => new Date(Date.UTC(1970, 0, 1, hour));
const week = [{ days: [1, 2, 3, 4, 5], startTime: clock(FIRST), endTime: clock(LAST) }];

// The same places as for Remit's coaches: hours of ten school days, so many of them drawn for each host.
let state = 37;
const below = (most) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * most);
};
function meetings() {
  const places = [];
  for (const day of [0, 1, 2, 3, 4, 7, 8, 9, 10, 11])
    for (let hour = FIRST; hour < LAST; hour++) places.push([day, hour]);
  const drawn = [];
  while (drawn.length < booked) {
    const [[day, hour]] = places.splice(below(places.length), 1);
    const start = from.add(day, "day").add(hour, "hour");
    drawn.push({ start, end: start.add(1, "hour") });
  }
  return drawn;
}
const busy = Array.from({ length: hosts }, meetings);

function free(taken) {
  const ranges = buildDateRanges({
    availability: week,
    timeZone: ZONE,
    dateFrom: from,
    dateTo: to,
    travelSchedules: [],
    outOfOffice: {},
  });
  return subtract(ranges.dateRanges, taken);
}

free(busy[0]); // what is made once for the process
const began = process.threadCpuUsage();
const found = busy.map(free);
const { user, system } = process.threadCpuUsage(began);
const taken = (user + system) / 1e3;
const hours = found.flat().reduce((sum, range) => sum + range.end.diff(range.start, "hour"), 0);
if (hours !== hosts * (10 * (LAST - FIRST) - booked)) throw new Error(`${hours} hours are free`);
console.log(taken.toFixed(3));
