// Read iCalendar objects with ical.js, by the clock changes that each object itself carries.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { default: ICAL } = await import(pathToFileURL(process.argv[2]).href);

function read(text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  ICAL.TimezoneService.reset();
  for (const zone of calendar.getAllSubcomponents("vtimezone")) {
    ICAL.TimezoneService.register(zone);
  }
  const events = calendar.getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      sequence: event.sequence,
      summary: event.summary,
      location: event.location,
      description: event.description,
      status: component.getFirstPropertyValue("status"),
      organizer: event.organizer,
      attendees: event.attendees.map((one) => [one.getFirstValue(), one.getParameter("cn")]),
      starts_local: event.startDate.toString(),
      ends_local: event.endDate.toString(),
      starts_unix: event.startDate.toUnixTime(),
      ends_unix: event.endDate.toUnixTime(),
    };
  });
  return {
    method: calendar.getFirstPropertyValue("method"),
    events,
    occurrences: occurrences(calendar),
  };
}

// When the meetings of a series are, by its rule, what is taken out of it, and its exceptions.
function occurrences(calendar) {
  const components = calendar.getAllSubcomponents("vevent");
  const master = components.find((one) => one.hasProperty("rrule"));
  if (!master) return [];
  const exceptions = components.filter((one) => one.hasProperty("recurrence-id"));
  const event = new ICAL.Event(master, { exceptions });
  const found = [];
  const each = event.iterator();
  for (let at = each.next(); at && found.length < 100; at = each.next()) {
    const one = event.getOccurrenceDetails(at);
    found.push([one.startDate.toUnixTime(), one.endDate.toUnixTime()]);
  }
  return found;
}

const texts = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(texts.map(read)));
