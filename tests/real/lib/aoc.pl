# aoc.pl - what domain.md 2e says of every add-on code with each of its primary
# codes, out of the rows of the workbook alone.
#
#   perl aoc.pl WORKBOOK LAST
#
# For each row of the workbook it prints the add-on, its primary (or -), and for
# each of the days around which the row begins and ends "day=word,word,word": of
# the add-on alone, of the add-on beside the primary, and of the primary. A word
# is N (no add-on on that day), C (carried), W (without a primary), D (the
# contractor defines them), U (unknown). LAST is the last day of the table, as
# YYYY-MM-DD.
use strict;
use warnings;
use IO::Uncompress::Unzip qw(unzip $UnzipError);
use Time::Local qw(timegm);

my ($workbook, $last) = @ARGV;

sub member {
    my ($name) = @_;
    my $text;
    unzip $workbook => \$text, Name => $name or die "$name: $UnzipError\n";
    return $text;
}

my @shared = map { join '', /<t[^>]*>([^<]*)<\/t>/g }
    member('xl/sharedStrings.xml') =~ /<si>(.*?)<\/si>/gs;

# Days since 1970 of YYYYDDD; the default for a blank.
sub ordinal_day {
    my ($text, $default) = @_;
    return $default unless defined $text && $text =~ /^(\d{4})(\d{3})$/;
    return timegm(0, 0, 0, 1, 0, $1) / 86400 + $2 - 1;
}
sub iso_day { my ($y, $m, $d) = split /-/, $_[0]; timegm(0, 0, 0, $d, $m - 1, $y) / 86400 }
sub day_text {
    my @at = gmtime($_[0] * 86400);
    return sprintf '%04d-%02d-%02d', $at[5] + 1900, $at[4] + 1, $at[3];
}

my ($open, $never) = (9e9, -9e9);
my (%rows, @all);
for my $row (member('xl/worksheets/sheet1.xml') =~ /<row (.*?)<\/row>/gs) {
    my %cell;
    while ($row =~ /<c r="([A-H])\d+"([^>]*?)(?:\/>|>(.*?)<\/c>)/gs) {
        my ($column, $kind, $inside) = ($1, $2, $3);
        my ($value) = ($inside // '') =~ /<v>([^<]*)<\/v>/;
        next unless defined $value;
        $cell{$column} = $kind =~ /t="s"/ ? $shared[$value] : $value;
    }
    next unless ($cell{B} // '') =~ /^[0-9A-Z]{5}$/;
    my $from = ordinal_day($cell{F}, $never);
    my $to = $open;
    for my $end (map { ordinal_day($cell{$_}, $open) } qw(C E G)) {
        $to = $end if $end < $to;
    }
    my $one = {addon => $cell{B}, type => $cell{A}, primary => $cell{D},
        from => $from, to => $to};
    push @all, $one;
    push @{$rows{$cell{B}}}, $one;
}

sub in_force {
    my ($row, $day) = @_;
    return $row->{from} != $row->{to} && $row->{from} <= $day && $day <= $row->{to};
}

# How a code stands among the codes that are there: -1 no add-on, 0 not carried,
# 1 perhaps, 2 carried. Codes on the way are no ground to stand on.
sub stands {
    my ($code, $there, $day, $way) = @_;
    my ($type, $best) = (0, 0);
    for my $row (grep { in_force($_, $day) } @{$rows{$code} // []}) {
        $type = $row->{type} if $row->{type} > $type;
    }
    return (-1, 0) if $type == 0;
    $best = 1 if $type > 1;
    for my $row (grep { in_force($_, $day) } @{$rows{$code}}) {
        my $primary = $row->{primary};
        next if !$there->{$primary} || $way->{$primary};
        my ($how) = stands($primary, $there, $day, {%$way, $primary => 1});
        $how = 2 if $how == -1;
        $best = $how if $how > $best;
    }
    return ($best, $type);
}

sub word {
    my ($code, $there, $day) = @_;
    my ($how, $type) = stands($code, $there, $day, {$code => 1});
    return $how == -1 ? 'N' : $how == 2 ? 'C' : $how == 0 ? 'W' : $type == 2 ? 'D' : 'U';
}

my $end = iso_day($last);
for my $row (@all) {
    my $pair = $row->{primary} =~ /^[0-9A-Z]{5}$/ && $row->{primary} ne 'CCCCC';
    my (%days, $out);
    for my $edge ($row->{from}, $row->{to}) {
        next if abs($edge) == 9e9;
        $days{$_} = 1 for $edge - 1, $edge, $edge + 1;
    }
    $days{$end} = $days{$end + 366} = 1;
    $out = $row->{addon} . ' ' . ($pair ? $row->{primary} : '-');
    for my $day (sort { $a <=> $b } grep { $_ <= $end + 366 } keys %days) {
        my %there = ($row->{addon} => 1);
        my $alone = word($row->{addon}, \%there, $day);
        $there{$row->{primary}} = 1 if $pair;
        $out .= ' ' . day_text($day) . "=$alone," . word($row->{addon}, \%there, $day);
        $out .= ',' . word($row->{primary}, \%there, $day) if $pair;
    }
    print "$out\n";
}
